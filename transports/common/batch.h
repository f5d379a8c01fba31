/* batch.h - several messages per call, for sockets that preserve boundaries: sendmmsg(2)
 * and recvmmsg(2). */
#ifndef IPM_TRANSPORTS_COMMON_BATCH_H
#define IPM_TRANSPORTS_COMMON_BATCH_H

#include "transports/transport.h"

/* The arguments for the messages of one direction. */
struct ipm_batch {
    struct mmsghdr *headers;
    struct iovec *parts;
};

/* Each direction has its own arguments, because both may be busy at once. */
struct ipm_batches {
    struct ipm_batch out;
    struct ipm_batch in;
};

/* Operations of a transport whose ends have a struct ipm_batches first in their state.
 * The row's own attach calls attach last; it allocates `count` messages per direction,
 * none if count is 1, and returns 0 or -ENOMEM. detach also closes the descriptors. */
int ipm_batch_attach(struct ipm_endpoint *end, unsigned count, struct ipm_err *err);
ssize_t ipm_batch_send(struct ipm_endpoint *end, const void *buf, size_t len,
                       unsigned count);
ssize_t ipm_batch_recv(struct ipm_endpoint *end, void *buf, size_t cap, unsigned count,
                       size_t *lens);
void ipm_batch_detach(struct ipm_endpoint *end);

#endif
