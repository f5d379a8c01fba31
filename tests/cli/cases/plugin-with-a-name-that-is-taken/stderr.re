ipcmark: cannot load plugin '.*': there is a transport 'unix' already
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
