ipcmark: cannot load plugin '.*': it has no transports
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
