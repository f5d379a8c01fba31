/* socketpair.c - a connected pair of unnamed Unix sockets of each of the three types:
 * socketpair(2). There is one pair per child, all made before fork. */
#include "base/err.h"
#include "transports/common/fd.h"
#include "transports/unix/local.h"

#include <errno.h>

static int socketpair_type(const struct ipm_link *link) {
    const int *type = link->ops->variant;
    return *type;
}

static int socketpair_attach(struct ipm_endpoint *end, struct ipm_link *link,
                             struct ipm_err *err) {
    int failed = ipm_lanes_attach_pair(end, link, err);
    return failed || socketpair_type(link) == SOCK_STREAM
               ? failed
               : ipm_batch_attach(end, link->config.batch, err);
}

/* Makes both ends of a pair for this end, which receives what it sends. */
static int socketpair_connect(struct ipm_endpoint *end, const struct ipm_link *link) {
    int fds[2] = {-1, -1};
    struct ipm_err err = {0};
    int failed = ipm_fd_pair(socketpair_type(link), link->config.buffer_bytes, fds, &err);
    end->tx_fd = fds[IPM_PARENT];
    end->rx_fd = fds[IPM_CHILD];
    errno = -failed;
    return failed ? -1 : 0;
}

#define SOCKETPAIR_OPERATIONS                                                            \
    .addressing = "none, inherited", .family = IPM_FAMILY_SOCKET,                        \
    .direction = IPM_DUPLEX, .link_size = sizeof(struct ipm_lanes),                      \
    .end_size = sizeof(struct ipm_batches), .open = ipm_local_pairs_open,                \
    .attach = socketpair_attach, .close = ipm_lanes_close,                               \
    .describe = ipm_local_describe, .wire = ipm_no_wire, .send = ipm_fd_send

#define SOCKETPAIR_CAPS                                                                  \
    (IPM_CAP_RELIABLE | IPM_CAP_MULTI | IPM_CAP_POLLABLE | IPM_CAP_PLAIN)

const struct ipm_transport ipm_transport_socketpair = {
    .name = "socketpair",
    .summary = "pair of Unix stream sockets, unnamed",
    .caps = SOCKETPAIR_CAPS | IPM_CAP_CONNECTED,
    .recv = ipm_fd_recv,
    .connect = socketpair_connect,
    .finish = ipm_fd_finish_shutdown,
    .detach = ipm_fd_detach,
    .variant = &(const int){SOCK_STREAM},
    SOCKETPAIR_OPERATIONS,
};

const struct ipm_transport ipm_transport_socketpair_dgram = {
    .name = "socketpair-dgram",
    .summary = "pair of Unix datagram sockets, unnamed",
    .caps = SOCKETPAIR_CAPS | IPM_CAP_MESSAGES,
    .limit = ipm_local_limit_dgram,
    .recv = ipm_fd_recv_message,
    .send_batch = ipm_batch_send,
    .recv_batch = ipm_batch_recv,
    .finish = ipm_fd_finish_mark,
    .detach = ipm_batch_detach,
    .variant = &(const int){SOCK_DGRAM},
    SOCKETPAIR_OPERATIONS,
};

const struct ipm_transport ipm_transport_socketpair_seqpacket = {
    .name = "socketpair-seqpacket",
    .summary = "pair of Unix sequenced-packet sockets, unnamed",
    .caps = SOCKETPAIR_CAPS | IPM_CAP_MESSAGES | IPM_CAP_CONNECTED,
    .limit = ipm_local_limit_seqpacket,
    .recv = ipm_fd_recv_message,
    .send_batch = ipm_batch_send,
    .recv_batch = ipm_batch_recv,
    .connect = socketpair_connect,
    .finish = ipm_fd_finish_shutdown,
    .detach = ipm_batch_detach,
    .variant = &(const int){SOCK_SEQPACKET},
    SOCKETPAIR_OPERATIONS,
};
