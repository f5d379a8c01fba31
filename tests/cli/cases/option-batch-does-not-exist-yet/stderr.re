ipcmark: unknown option '--batch'
hint: .*'ipcmark run --help' shows all
