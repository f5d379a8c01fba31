usage: ipcmark .*
...
commands:
  run +measure .*
  list +.*
  compare +.*
  report +.*
  schema +.*
  help +.*
