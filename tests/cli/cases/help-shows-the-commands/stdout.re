usage: ipcmark .*
...
commands:
  run +measure .*
  list +.*
  compare +.*
  ab +.*
  choose +.*
  report +.*
  doctor +.*
  schema +.*
  help +.*
