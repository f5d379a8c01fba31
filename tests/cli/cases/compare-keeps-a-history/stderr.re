ipcmark: no report in 'history' is of this machine and settings
hint: this one is its first now
ipcmark: 2 of 2 figures regressed; .*: -30\.0 %
