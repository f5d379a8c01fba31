cannot open 'none.json': No such file or directory \('ipcmark run --json FILE' writes reports\)
