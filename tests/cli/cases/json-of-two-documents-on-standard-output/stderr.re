ipcmark: output '-' is given twice
hint: .*
