fit ok ok /.*/plugins/fit\.so
unix ok ok None
example ok ok /.*/plugins/example\.so
/.*/plugins/fit\.so fit
/.*/plugins/example\.so example
plugin: /.*/plugins/fit\.so · fit
plugin: /.*/plugins/example\.so · example
