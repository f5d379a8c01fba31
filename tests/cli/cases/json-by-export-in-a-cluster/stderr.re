ipcmark: size '0' is too small
hint: .*
