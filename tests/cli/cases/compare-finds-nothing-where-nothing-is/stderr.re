ipcmark: 2 of 2 figures regressed; .*: -2\.0 %
