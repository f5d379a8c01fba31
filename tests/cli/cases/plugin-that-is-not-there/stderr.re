ipcmark: cannot load plugin '.*': No such file or directory
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
