ipcmark: unknown option '--sise'
hint: .*
