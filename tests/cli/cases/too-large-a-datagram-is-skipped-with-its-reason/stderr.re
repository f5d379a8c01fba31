ipcmark: nothing was measured: 1 of 1 cases skipped; the first, 'stream/udp/65536': a message of .*
