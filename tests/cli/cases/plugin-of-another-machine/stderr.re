ipcmark: cannot load plugin '.*': it was built for another kind of machine
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
