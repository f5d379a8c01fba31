/* batch.h - several messages in one call, for sockets that keep boundaries: sendmmsg(2) and
 * recvmmsg(2). Knows no kind of socket.
 *
 * The operations are for ends whose state begins with struct ipm_batches. */
#ifndef IPM_BATCH_H
#define IPM_BATCH_H

#include "transports/transport.h"

/* What the kernel wants to know of each message of one way. */
struct ipm_batch {
    struct mmsghdr *headers;
    struct iovec *parts;
};

/* Each way has its own, because both ways may be busy at once. */
struct ipm_batches {
    struct ipm_batch out;
    struct ipm_batch in;
};

/* attach, the last part: makes room for `count` messages each way, and none for one. Returns
 * 0 or -ENOMEM; detach follows in both cases. */
int ipm_batch_attach(struct ipm_end *end, unsigned count, struct ipm_err *err);

/* Hot: send_batch and recv_batch of a transport. */
ssize_t ipm_batch_send(struct ipm_end *end, const void *buf, size_t len, unsigned count);
ssize_t ipm_batch_recv(struct ipm_end *end, void *buf, size_t cap, unsigned count,
                       size_t *lens);

/* detach, with the descriptors. Safe twice, and on a zeroed state. */
void ipm_batch_detach(struct ipm_end *end);

#endif
