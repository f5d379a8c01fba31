ipcmark: cannot load plugin '.*': 'My Own' is no name for a transport
hint: a name is a letter and up to 30 more letters, digits and hyphens, all of them small
