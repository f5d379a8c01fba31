64 B . response 4 KiB
64 B : 4 KiB
message_bytes,response_bytes
64,4096,sync
