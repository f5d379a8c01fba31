usage: ipcmark run .*|Usage: ipcmark run .*
