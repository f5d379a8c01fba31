ipcmark: process \d+ \('sh'\) of 'sh' is stopped
hint: it has no terminal: 'sudo -v' before this command asks for the password of sudo
