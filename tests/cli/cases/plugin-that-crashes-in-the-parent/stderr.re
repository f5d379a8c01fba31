ipcmark: cannot load plugin '.*': a trial of 'fit' ends in signal 11 \(Segmentation fault\)
hint: what a plugin must be: ipcmark/transport\.h, and the example in share/ipcmark/example
