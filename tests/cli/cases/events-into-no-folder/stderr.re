ipcmark: cannot write '?.*nowhere/events.*
hint: there is no folder 'nowhere/'
