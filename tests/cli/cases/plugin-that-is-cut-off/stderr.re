ipcmark: cannot load plugin .*: loading it ends in signal 7 \(Bus error\)
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
