ipcmark: option '--size' needs a value
hint: .*
