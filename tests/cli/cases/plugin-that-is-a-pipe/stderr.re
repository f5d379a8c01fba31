ipcmark: cannot load plugin '.*': it is no regular file
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
