ipcmark: cannot load plugin '.*': it was built with other headers than this ipcmark
ipcmark: cannot load plugin '.*': it was built with other headers than this ipcmark
ipcmark: cannot load plugin '.*': it was built with other headers than this ipcmark
ipcmark: cannot load plugin '.*': it was built with other headers than this ipcmark
ipcmark: cannot load plugin '.*': it was built with other headers than this ipcmark
ipcmark: cannot load plugin '.*': it was built with other headers than this ipcmark
ipcmark: cannot load plugin '.*': it was built with other headers than this ipcmark
status 2
