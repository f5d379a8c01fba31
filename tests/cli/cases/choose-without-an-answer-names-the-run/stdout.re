stream · 64 B · one CPU: no answer
left out: pipe, unix: fewer than 6 rounds give no interval

this run could answer: ipcmark run -s 64 -p stream --pin same -r 10 --json
  more.json pipe unix
3
...
left out: pipe, unix: measured from 64 to 1K only

this run could answer: ipcmark run -p ping-pong -s 2K --pin same -r 10 --json
  more.json pipe unix
3
...
left out: pipe, unix: no message boundaries, this machine only

this run could answer: ipcmark run -s 64 --pin same -r 10 --json more.json sctp
