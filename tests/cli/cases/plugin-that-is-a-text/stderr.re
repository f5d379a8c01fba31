ipcmark: cannot load plugin '.*': it is no shared library: no ELF file
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
