ping-pong  request and response.*
poll .*
usage: ipcmark run .*
usage: ipcmark compare .*
usage: ipcmark list .*
usage: ipcmark help .*
