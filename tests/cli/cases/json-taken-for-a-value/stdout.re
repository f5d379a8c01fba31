invalid size '--json'.*
