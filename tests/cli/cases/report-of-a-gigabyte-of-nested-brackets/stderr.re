ipcmark: 'standard input' is no ipcmark report: .*
hint: .*
