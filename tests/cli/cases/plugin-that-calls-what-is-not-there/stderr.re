ipcmark: cannot load plugin '.*': undefined symbol: ipm_fd_frobnicate
hint: this ipcmark has no such helper function: build the plugin with the headers of this one
