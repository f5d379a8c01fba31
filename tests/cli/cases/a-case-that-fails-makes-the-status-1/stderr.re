ipcmark: 1 of 1 cases failed; the first, 'stream/tcp/64/congestion=nosuch': .*
