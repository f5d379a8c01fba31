ipcmark: unknown option '--server'
hint: .*'ipcmark run --help' shows all
