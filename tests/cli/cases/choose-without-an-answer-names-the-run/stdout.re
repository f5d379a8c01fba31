stream · 64 B · one CPU: no answer
left out: pipe, unix: fewer than 6 rounds give no interval

this run could answer:
  ipcmark run -s 64 -p stream --pin same -r 10 --json more.json pipe unix
3
...
left out: pipe, unix: measured from 64 to 1K only

this run could answer:
  ipcmark run -s 2K -p ping-pong --pin same -r 10 --json more.json unix
3
3
this run could answer:
  ipcmark run -s 64 -p fan-in --pin same -c 16 -r 10 --json more.json pipe unix
3
...
left out: pipe, unix: no message boundaries, this machine only

this run could answer:
  ipcmark run -s 64 --pin same -r 10 --json more.json sctp
