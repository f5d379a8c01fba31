usage: ipcmark .*
...
commands:
  run +measure .*
  list +.*
  compare +.*
  ab +.*
  report +.*
  schema +.*
  help +.*
