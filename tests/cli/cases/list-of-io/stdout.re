sync +.*
uring +.*
