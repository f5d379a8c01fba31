ipcmark: cannot load plugin '.*': it is not a regular file
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
