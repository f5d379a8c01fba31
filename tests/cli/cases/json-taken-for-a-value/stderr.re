ipcmark: invalid size '--json'
hint: .*
