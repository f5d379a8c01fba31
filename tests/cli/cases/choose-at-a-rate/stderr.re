ipcmark: the report has no answer for 64
