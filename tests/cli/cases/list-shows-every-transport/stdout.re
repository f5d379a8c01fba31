transport +family +direction +keeps +reliable +connected +largest
pipe +pipe +simplex +stream +yes +yes +any
    .*; addressing: inode
pipe-pair +pipe +duplex by two +stream +yes +yes +any
    .*; addressing: .*
unix +socket +duplex +stream +yes +yes +any
    .*; addressing: .*path.*
unix-abstract +socket +duplex +stream +yes +yes +any
    .*; addressing: abstract; client unnamed
unix-dgram +socket +duplex +messages +yes +no +[0-9]+
    .*; addressing: path; client abstract
unix-seqpacket +socket +duplex +messages +yes +yes +[0-9]+
    .*; addressing: path; client unnamed
socketpair +socket +duplex +stream +yes +yes +any
    .*; addressing: none, inherited
socketpair-dgram +socket +duplex +messages +yes +no +[0-9]+
    .*; addressing: none, inherited
socketpair-seqpacket +socket +duplex +messages +yes +yes +[0-9]+
    .*; addressing: none, inherited
tcp +socket +duplex +stream +yes +yes +any
    .*; addressing: four-tuple
tcp-nodelay +socket +duplex +stream +yes +yes +any
    .*; addressing: four-tuple
tcp6 +socket +duplex +stream +yes +yes +any
    .*; addressing: four-tuple
udp +socket +duplex +messages +no +no +65507
    .*; addressing: .*tuple.*
udp6 +socket +duplex +messages +no +no +65527
    .*; addressing: .*tuple.*
...
sctp +socket +duplex +messages +yes +yes +.*
    .*; addressing: four-tuple
...
vsock +socket +duplex +stream +yes +yes +.*
    .*; addressing: CID and port .*
...
null +none .*
    .*
...
