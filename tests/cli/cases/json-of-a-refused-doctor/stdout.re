unexpected argument 'pipe' \('ipcmark doctor --help' shows the usage\)
