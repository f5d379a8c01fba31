BASE base\.json · ipcmark .*
...
verdict         change       95 % interval    limit  case
regressed      -20\.0 %    -20\..* .. -19\..* %    5\.. %  null (64 B|4 KiB)
              throughput 954 MiB/s -> 763 MiB/s
regressed      -20\.0 %    -20\..* .. -19\..* %    5\.. %  null (64 B|4 KiB)
              throughput 954 MiB/s -> 763 MiB/s

failed: 2 regressed
