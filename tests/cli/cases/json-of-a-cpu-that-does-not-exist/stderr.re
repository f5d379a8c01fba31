ipcmark: CPU 1023 does not exist or may not be used here
hint: .*
