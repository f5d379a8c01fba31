ipcmark: 'bad\.json' is no ipcmark report: .*kind.*
hint: .*
