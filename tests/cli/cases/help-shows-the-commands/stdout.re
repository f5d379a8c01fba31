usage: ipcmark .*
...
commands:
  run +measure .*
  list +.*
  compare +.*
  ab +.*
  count +.*
  choose +.*
  report +.*
  doctor +.*
  schema +.*
  help +.*
