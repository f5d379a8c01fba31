ipcmark: cannot load plugin .*: loading it crashes with signal 7 \(Bus error\)
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
