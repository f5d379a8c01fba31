fit +pipe +simplex +stream +yes +yes +any
    a pipe of a plugin; addressing: none
    plugin: /.*/plugins/fit.so
example +socket +duplex +stream +yes +yes +any
    pair of Unix stream sockets without a name; addressing: none
    plugin: /.*/plugins/example.so
fit /.*/plugins/fit.so
