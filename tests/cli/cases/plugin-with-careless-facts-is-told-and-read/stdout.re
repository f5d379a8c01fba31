the fact 'key_m' was refused: a list has at most twelve facts: stream/fit/64; the fact 'Socket Buffer' was refused: a name has a-z, 0-9 and _, and at most 31 of them: stream/fit/64
