/* udp_many.c - several datagrams a call over UDP. Knows no version of IP. */
#include "transports/net/udp_many.h"

#include "transports/common/fd.h"

/* The parent's end for several children takes one datagram a call, because it must tell
 * whose it is. */
int ipm_udp_many_attach(struct ipm_endpoint *end, struct ipm_link *link,
                        struct ipm_err *err) {
    struct ipm_udp_many *state = end->state;
    int failed = ipm_udp_attach(end, link, err);
    return failed || state->udp.shared
               ? failed
               : ipm_batches_init(&state->batches, link->config.batch, err);
}

ssize_t ipm_udp_many_send(struct ipm_endpoint *end, const void *buf, size_t len,
                          unsigned count) {
    struct ipm_udp_many *state = end->state;
    return ipm_batches_send(&state->batches, end->tx_fd, buf, len, count);
}

ssize_t ipm_udp_many_recv(struct ipm_endpoint *end, void *buf, size_t cap, unsigned count,
                          size_t *lens) {
    struct ipm_udp_many *state = end->state;
    return ipm_batches_recv(&state->batches, end->rx_fd, buf, cap, count, lens);
}

void ipm_udp_many_detach(struct ipm_endpoint *end) {
    struct ipm_udp_many *state = end->state;
    ipm_fd_detach(end);
    ipm_batches_done(&state->batches);
}
