fit failed the child was killed by signal 11 \(Segmentation fault\) .*
pipe ok None
