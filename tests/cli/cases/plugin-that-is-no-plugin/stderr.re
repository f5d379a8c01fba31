ipcmark: cannot load plugin '.*': it is no plugin: it has no symbol 'ipcmark_plugin'
hint: a plugin ends in IPM_PLUGIN\(&\.\.\.\) of ipcmark/plugin\.h
