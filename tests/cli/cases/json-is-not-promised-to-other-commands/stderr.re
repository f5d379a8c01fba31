ipcmark: unknown list '-'
hint: .*
