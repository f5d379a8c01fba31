ipcmark: cannot load plugin '.*': it is given twice
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
