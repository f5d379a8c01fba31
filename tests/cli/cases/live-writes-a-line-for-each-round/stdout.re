round 1: 64 B null [0-9.,a-zA-Z]+ [KMG]?i?B/s, 64 B pipe [0-9.,a-zA-Z]+ [KMG]?i?B/s
round 2: 64 B null [0-9.,a-zA-Z]+ [KMG]?i?B/s, 64 B pipe [0-9.,a-zA-Z]+ [KMG]?i?B/s
round 3: 64 B null [0-9.,a-zA-Z]+ [KMG]?i?B/s, 64 B pipe [0-9.,a-zA-Z]+ [KMG]?i?B/s
