option '--size' needs a value.*
