ipcmark: unknown option '--think'
hint: .*'ipcmark run --help' shows all
