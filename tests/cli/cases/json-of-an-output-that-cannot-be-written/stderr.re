ipcmark: cannot write 'nowhere/table': No such file or directory
hint: .*
