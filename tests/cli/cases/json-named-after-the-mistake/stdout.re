unknown option '--sise'.*
