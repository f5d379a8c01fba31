udp: .+

  family       socket
  direction    duplex
  boundary     messages
  reliable     no
  connected    no
  addressing   two-tuple of each end
  max size     65507
...
  capabilities preserves message boundaries
...
               has descriptors for poll\(2\): --wait, --server select,poll,epoll
...
  here         can run
  to measure   ipcmark run udp
