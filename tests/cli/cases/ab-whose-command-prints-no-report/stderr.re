ipcmark: the command of A ended with status 0 and no report: hello .*
