ipcmark: 'bad\.json' is no ipcmark report: .*elapsed_ns.*
hint: .*
