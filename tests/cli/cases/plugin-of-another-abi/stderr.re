ipcmark: cannot load plugin '.*': it was built for ABI \d+, and this ipcmark has ABI \d+
hint: build the plugin with the headers of this ipcmark: 'pkg-config --cflags ipcmark'
