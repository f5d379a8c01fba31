highest rate: ping-pong, 64 B: .*
