highest rate: ping-pong, 64 B: unix does not hold p50 <= 1ns at .*
2
2
