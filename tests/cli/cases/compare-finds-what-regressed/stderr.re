ipcmark: 2 of 2 figures regressed; the worst, throughput of 'null (64 B|4 KiB)': -20\.0 %
