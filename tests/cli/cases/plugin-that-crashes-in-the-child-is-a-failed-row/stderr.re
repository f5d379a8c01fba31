ipcmark: 1 of 2 cases failed; the first, 'stream/fit/64': the child was killed by signal 11 .*
