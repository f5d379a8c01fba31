transport +family +direction +keeps +reliable +connected +largest +runs here
pipe +pipe +simplex +stream +yes +yes +any +yes
    .*; addressing: inode
pipe-pair +pipe +duplex by two +stream +yes +yes +any +yes
    .*; addressing: .*
unix +socket +duplex +stream +yes +yes +any +yes
    .*; addressing: .*path.*
tcp +socket +duplex +stream +yes +yes +any +yes
    .*; addressing: four-tuple
udp +socket +duplex +messages +no +no +65507 +yes
    .*; addressing: .*tuple.*
null +none .*
    .*
...
