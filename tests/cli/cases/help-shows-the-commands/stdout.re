usage: ipcmark .*
...
commands:
  run +measure .*
  list +.*
  compare +.*
  ab +.*
  gate +.*
  count +.*
  choose +.*
  report +.*
  doctor +.*
  schema +.*
  help +.*
