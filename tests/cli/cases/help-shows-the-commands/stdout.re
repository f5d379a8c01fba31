usage: ipcmark .*
...
commands:
  run +measure .*
  list +.*
  report +.*
  schema +.*
  help +.*
