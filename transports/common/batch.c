/* batch.c - several messages per call. */
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

static void batch_fill(struct ipm_batch *batch, unsigned char *at, size_t bytes,
                       unsigned count) {
    for (unsigned i = 0; i < count; i++, at += bytes)
        batch->parts[i] = (struct iovec){.iov_base = at, .iov_len = bytes};
}

int ipm_batch_attach(struct ipm_endpoint *end, unsigned count, struct ipm_err *err) {
    struct ipm_batches *batches = end->state;
    if (count <= 1)
        return 0;
    int failed = batch_make(&batches->out, count, err);
    return failed ? failed : batch_make(&batches->in, count, err);
}

ssize_t ipm_batch_send(struct ipm_endpoint *end, const void *buf, size_t len,
                       unsigned count) {
    struct ipm_batches *batches = end->state;
    batch_fill(&batches->out, (unsigned char *)buf, len, count);
    return sendmmsg(end->tx_fd, batches->out.headers, count, MSG_NOSIGNAL);
}

/* Waits for the first message only. MSG_TRUNC returns the real length of a message whose
 * rest is lost (recv(2)). */
ssize_t ipm_batch_recv(struct ipm_endpoint *end, void *buf, size_t cap, unsigned count,
                       size_t *lens) {
    struct ipm_batches *batches = end->state;
    struct mmsghdr *const headers = batches->in.headers;
    batch_fill(&batches->in, buf, cap, count);
    int got = recvmmsg(end->rx_fd, headers, count, MSG_WAITFORONE | MSG_TRUNC, NULL);
    for (int i = 0; i < got; i++)
        lens[i] = headers[i].msg_len;
    return got;
}

void ipm_batch_detach(struct ipm_endpoint *end) {
    struct ipm_batches *batches = end->state;
    ipm_fd_detach(end);
    batch_free(&batches->out);
    batch_free(&batches->in);
}
