ipcmark: 2 of 2 figures regressed; .*: -50\.0 %
