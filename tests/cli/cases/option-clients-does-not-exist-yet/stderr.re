ipcmark: unknown option '--clients'
hint: .*'ipcmark run --help' shows all
