ping-pong · 64 B · one CPU: use pipe-pair: the only candidate
ping-pong · 1 MiB · one CPU: no answer
left out: pipe-pair: measured at 64 only

this run could answer:
  ipcmark run -s 1M -p ping-pong --pin same --json more\.json pipe-pair
stream · 64 B · rate 10000 · one CPU: no answer
left out: pipe: saturated: it did not achieve the rate

this run finds the rates that are kept:
  ipcmark run -s 64 --pin same --rate sweep --target p99=1ms --json more\.json pipe
this run could answer:
  ipcmark run -s 64 --pin same --rate 5000 --json more\.json pipe
