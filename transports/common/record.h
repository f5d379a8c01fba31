/* record.h - messages over a socket that may return one in several pieces and marks the
 * last one: MSG_EOR. */
#ifndef IPM_TRANSPORTS_COMMON_RECORD_H
#define IPM_TRANSPORTS_COMMON_RECORD_H

#include "transports/transport.h"

#include <sys/socket.h>

/* Receives a piece: recvmsg(2), or a test's replacement. */
typedef ssize_t ipm_record_take(int fd, struct msghdr *message, int flags);

/* Hot. The recv of a transport. */
ssize_t ipm_record_recv(struct ipm_endpoint *end, void *buf, size_t cap);

/* The same with another recvmsg. */
ssize_t ipm_record_recv_by(ipm_record_take *take, struct ipm_endpoint *end, void *buf,
                           size_t cap);

#endif
