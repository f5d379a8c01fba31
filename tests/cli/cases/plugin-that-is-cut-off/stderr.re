ipcmark: cannot load plugin '.*': .+
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
