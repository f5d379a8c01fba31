/* batch.c - several messages in one call. Knows no kind of socket. */
#include "transports/common/batch.h"

#include "base/err.h"
#include "transports/common/fd.h"

#include <errno.h>
#include <stdlib.h>

static void batch_free(struct ipm_batch *batch) {
    free(batch->headers);
    free(batch->parts);
    *batch = (struct ipm_batch){0};
}

static int batch_make(struct ipm_batch *batch, unsigned count, struct ipm_err *err) {
    batch->headers = calloc(count, sizeof *batch->headers);
    batch->parts = calloc(count, sizeof *batch->parts);
    if (!batch->headers || !batch->parts)
        return ipm_err_sys(err, -ENOMEM, "cannot make a batch of %u messages", count);
    for (unsigned i = 0; i < count; i++)
        batch->headers[i].msg_hdr =
            (struct msghdr){.msg_iov = &batch->parts[i], .msg_iovlen = 1};
    return 0;
}

int ipm_batches_init(struct ipm_batches *batches, unsigned count, struct ipm_err *err) {
    if (count <= 1)
        return 0;
    int failed = batch_make(&batches->out, count, err);
    return failed ? failed : batch_make(&batches->in, count, err);
}

void ipm_batches_done(struct ipm_batches *batches) {
    batch_free(&batches->out);
    batch_free(&batches->in);
}

static void batch_place(struct ipm_batch *batch, unsigned char *at, size_t bytes,
                        unsigned count) {
    for (unsigned i = 0; i < count; i++, at += bytes)
        batch->parts[i] = (struct iovec){.iov_base = at, .iov_len = bytes};
}

ssize_t ipm_batches_send(struct ipm_batches *batches, int fd, const void *buf, size_t len,
                         unsigned count) {
    batch_place(&batches->out, (unsigned char *)buf, len, count);
    return sendmmsg(fd, batches->out.headers, count, MSG_NOSIGNAL);
}

/* The real lengths, of which the rest is lost (MSG_TRUNC in recv(2)). It waits for the first
 * one only. */
ssize_t ipm_batches_recv(struct ipm_batches *batches, int fd, void *buf, size_t cap,
                         unsigned count, size_t *lens) {
    struct mmsghdr *const headers = batches->in.headers;
    batch_place(&batches->in, buf, cap, count);
    int got = recvmmsg(fd, headers, count, MSG_WAITFORONE | MSG_TRUNC, NULL);
    for (int i = 0; i < got; i++)
        lens[i] = headers[i].msg_len;
    return got;
}

int ipm_batch_attach(struct ipm_endpoint *end, unsigned count, struct ipm_err *err) {
    return ipm_batches_init(end->state, count, err);
}

ssize_t ipm_batch_send(struct ipm_endpoint *end, const void *buf, size_t len,
                       unsigned count) {
    return ipm_batches_send(end->state, end->tx_fd, buf, len, count);
}

ssize_t ipm_batch_recv(struct ipm_endpoint *end, void *buf, size_t cap, unsigned count,
                       size_t *lens) {
    return ipm_batches_recv(end->state, end->rx_fd, buf, cap, count, lens);
}

void ipm_batch_detach(struct ipm_endpoint *end) {
    ipm_fd_detach(end);
    ipm_batches_done(end->state);
}
