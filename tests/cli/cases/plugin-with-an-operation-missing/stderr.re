ipcmark: cannot load plugin '.*': transport 'fit' has no operation 'recv'
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
