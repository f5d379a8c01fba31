Gbit/s
pipe .* Gbit/s
memcpy 64 KiB
>MB/s<
0
Gbit/s
MB/s
