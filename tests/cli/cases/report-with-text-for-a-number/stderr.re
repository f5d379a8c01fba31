ipcmark: 'bad\.json' is no ipcmark report: .*seed.*
hint: .*
