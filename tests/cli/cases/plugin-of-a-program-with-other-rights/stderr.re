ipcmark: cannot load plugin './none\.so': this program runs with the rights of another user
hint: .*
