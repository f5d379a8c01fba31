/* batch.h - several messages in one call, for sockets that keep boundaries: sendmmsg(2) and
 * recvmmsg(2). Knows no kind of socket. */
#ifndef IPM_TRANSPORTS_COMMON_BATCH_H
#define IPM_TRANSPORTS_COMMON_BATCH_H

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

/* Room for `count` messages each way, and none for one. Returns 0 or -ENOMEM; done follows in
 * both cases, and is safe twice and on a zeroed struct. */
int ipm_batches_init(struct ipm_batches *batches, unsigned count, struct ipm_err *err);
void ipm_batches_done(struct ipm_batches *batches);

/* Hot: what send_batch and recv_batch of the contract do. */
ssize_t ipm_batches_send(struct ipm_batches *batches, int fd, const void *buf, size_t len,
                         unsigned count);
ssize_t ipm_batches_recv(struct ipm_batches *batches, int fd, void *buf, size_t cap,
                         unsigned count, size_t *lens);

/* The same as operations of a transport, for ends whose state begins with ipm_batches. The
 * first is the last part of an attach; detach closes the descriptors, too. */
int ipm_batch_attach(struct ipm_endpoint *end, unsigned count, struct ipm_err *err);
ssize_t ipm_batch_send(struct ipm_endpoint *end, const void *buf, size_t len,
                       unsigned count);
ssize_t ipm_batch_recv(struct ipm_endpoint *end, void *buf, size_t cap, unsigned count,
                       size_t *lens);
void ipm_batch_detach(struct ipm_endpoint *end);

#endif
