ipcmark: cannot load plugin '.*': file too short
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
