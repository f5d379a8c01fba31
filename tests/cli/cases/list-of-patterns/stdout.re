stream +.*
