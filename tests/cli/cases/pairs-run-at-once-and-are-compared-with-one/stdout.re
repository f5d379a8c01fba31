shown
Round trips by number of pairs
1
