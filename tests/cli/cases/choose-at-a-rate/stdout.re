this run could answer:
  ipcmark run -s 64 -p stream --pin same --rate 300,max --wait spin --json more.json pipe-pair unix
