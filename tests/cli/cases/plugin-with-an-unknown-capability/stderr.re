ipcmark: cannot load plugin '.*': transport 'fit' has capabilities that this ipcmark does not know
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
