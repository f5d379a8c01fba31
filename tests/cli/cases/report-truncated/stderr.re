ipcmark: 'bad\.json' is no ipcmark report: .*
hint: .*
