transport +family +direction +keeps +reliable +connected +largest
pipe +pipe +simplex +stream +yes +yes +any
    .*; addressing: inode
pipe-pair +pipe +duplex by two +stream +yes +yes +any
    .*; addressing: .*
unix +socket +duplex +stream +yes +yes +any
    .*; addressing: .*path.*
tcp +socket +duplex +stream +yes +yes +any
    .*; addressing: four-tuple
udp +socket +duplex +messages +no +no +65507
    .*; addressing: .*tuple.*
null +none .*
    .*
...
