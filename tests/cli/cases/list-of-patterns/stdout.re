stream +.*
duplex +.*
ping-pong +.*
connect +.*
fan-in +.*
fan-in-rpc +.*
