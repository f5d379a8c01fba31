ipcmark: 2 of 2 figures regressed; the worst, throughput of 'stream/null/(64|4096)': -20\.0 %
