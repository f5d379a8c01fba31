ipcmark: unknown option '--framing'
hint: .*'ipcmark run --help' shows all
