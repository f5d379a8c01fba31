ipcmark: unknown command 'rnu'
hint: .*
