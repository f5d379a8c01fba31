/* record.h - messages over a socket that may give one in several pieces and marks the
 * last one: MSG_EOR. */
#ifndef IPM_TRANSPORTS_COMMON_RECORD_H
#define IPM_TRANSPORTS_COMMON_RECORD_H

#include "transports/transport.h"

#include <sys/socket.h>

/* How a piece is received: recvmsg(2), but for tests. */
typedef ssize_t ipm_record_take(int fd, struct msghdr *message, int flags);

/* recv of a transport. Hot. */
ssize_t ipm_record_recv(struct ipm_endpoint *end, void *buf, size_t cap);

/* The same with another recvmsg. */
ssize_t ipm_record_recv_by(ipm_record_take *take, struct ipm_endpoint *end, void *buf,
                           size_t cap);

#endif
