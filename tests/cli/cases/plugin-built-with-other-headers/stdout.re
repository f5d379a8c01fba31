ipcmark: cannot load plugin '.*': it was built with another struct ipm_link than this ipcmark has
ipcmark: cannot load plugin '.*': it was built with another struct ipm_endpoint than this ipcmark has
ipcmark: cannot load plugin '.*': it was built with another struct ipm_wire than this ipcmark has
ipcmark: cannot load plugin '.*': it was built with another struct ipm_facts than this ipcmark has
ipcmark: cannot load plugin '.*': it was built with another struct ipm_err than this ipcmark has
ipcmark: cannot load plugin '.*': its 'ipcmark_plugin' is not made by IPM_PLUGIN
status 2
    a pipe of a plugin; addressing: none
