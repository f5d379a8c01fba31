ipcmark: cannot write 'closed/report.json': Permission denied
hint: .*
