ipcmark: cannot load plugin '.*': Is a directory
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
