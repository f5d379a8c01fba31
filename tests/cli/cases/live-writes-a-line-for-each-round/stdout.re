round 1: 64 B null [0-9.,kM]+ MiB/s, 64 B pipe [0-9.,]+ MiB/s
round 2: 64 B null [0-9.,kM]+ MiB/s, 64 B pipe [0-9.,]+ MiB/s
round 3: 64 B null [0-9.,kM]+ MiB/s, 64 B pipe [0-9.,]+ MiB/s
