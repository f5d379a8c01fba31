/* local.h - what all Unix sockets share: how one is made, and the names of its two ends. */
#ifndef IPM_TRANSPORTS_UNIX_LOCAL_H
#define IPM_TRANSPORTS_UNIX_LOCAL_H

#include "base/facts.h"

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

struct ipm_err;

/* A socket with the buffers asked for; 0 leaves the defaults. Returns 0 or a negative
 * errno. */
int ipm_local_socket(int type, size_t buffer_bytes, int *ret_fd, struct ipm_err *err);

/* An abstract name of 16 random bytes, which nobody has yet. Returns 0 or a negative
 * errno. */
int ipm_local_name(struct sockaddr_un *ret_address, socklen_t *ret_bytes,
                   struct ipm_err *err);

/* The largest message of a type that keeps boundaries, with so much buffering asked for: tried
 * out over a pair. Returns 0 or a negative errno; leaves nothing. */
int ipm_local_limit(int type, size_t buffer_bytes, size_t *ret_max_message_bytes,
                    struct ipm_err *err);

/* A name as ss(8) writes it: a path as it is, an abstract one behind '@', and nothing for a
 * socket that has none. */
void ipm_local_show(const struct sockaddr_un *address, socklen_t bytes,
                    char text[IPM_FACT_TEXT_BYTES]);

/* local_path and peer_path, so written, and the buffers. */
void ipm_local_describe(int fd, struct ipm_facts *endpoint, struct ipm_facts *settings);

#endif
