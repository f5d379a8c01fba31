ipcmark: cannot load plugin '.*': loading it leaves the program with status 3
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
