ipcmark: unknown transport 'unx'
hint: .*
