/* socketpair.c - a connected pair of Unix sockets without a name, of each of the three types:
 * socketpair(2). With many children as many pairs, all made before fork: nobody comes, so
 * nobody need be kept out. */
#include "base/err.h"
#include "transports/common/batch.h"
#include "transports/common/fd.h"
#include "transports/unix/local.h"

#include <errno.h>
#include <stdlib.h>

struct socketpair_lane {
    int fds[2]; /* by enum ipm_side */
};

struct socketpair_link {
    unsigned count; /* lanes made */
    unsigned next;  /* the one that the parent attaches next */
    struct socketpair_lane *lanes;
};

/* Only the buffer of who sends limits the flow (unix(7)), and both do. */
static int socketpair_make(struct socketpair_lane *lane, int type, size_t buffer_bytes,
                           struct ipm_err *err) {
    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, lane->fds) != 0)
        return ipm_err_sys(err, -errno, "cannot make a pair of sockets");
    int failed = ipm_fd_set_buffers(lane->fds[IPM_PARENT], buffer_bytes, err);
    return failed ? failed : ipm_fd_set_buffers(lane->fds[IPM_CHILD], buffer_bytes, err);
}

static void socketpair_close(struct ipm_link *link, enum ipm_side side) {
    struct socketpair_link *pairs = link->state;
    (void)side;
    while (pairs->count > 0) {
        pairs->count--;
        ipm_fd_close(&pairs->lanes[pairs->count].fds[IPM_PARENT]);
        ipm_fd_close(&pairs->lanes[pairs->count].fds[IPM_CHILD]);
    }
    free(pairs->lanes);
    pairs->lanes = NULL;
}

static int socketpair_open_type(struct ipm_link *link, int type, struct ipm_err *err) {
    struct socketpair_link *pairs = link->state;
    const unsigned peers = link->config.peers > 0 ? link->config.peers : 1;
    int failed = 0;
    pairs->lanes = calloc(peers, sizeof *pairs->lanes);
    if (!pairs->lanes)
        return ipm_err_sys(err, -ENOMEM, "cannot make room for %u pairs", peers);
    while (!failed && pairs->count < peers) {
        struct socketpair_lane *lane = &pairs->lanes[pairs->count++];
        *lane = (struct socketpair_lane){.fds = {-1, -1}};
        failed = socketpair_make(lane, type, link->config.buffer_bytes, err);
    }
    if (failed)
        socketpair_close(link, IPM_PARENT);
    return failed;
}

static int socketpair_attach(struct ipm_endpoint *end, struct ipm_link *link,
                             struct ipm_err *err) {
    struct socketpair_link *pairs = link->state;
    (void)err;
    if (end->side == IPM_PARENT)
        end->peer = pairs->next++;
    ipm_fd_give(end, ipm_fd_take(&pairs->lanes[end->peer].fds[end->side]));
    return 0;
}

static void socketpair_describe(const struct ipm_endpoint *end,
                                struct ipm_facts *endpoint, struct ipm_facts *settings) {
    ipm_local_describe(end->rx_fd, endpoint, settings);
}

/* A pair that both ends of are here: what goes in at one has to come out at the other. */
static int socketpair_dial_type(struct ipm_endpoint *end, const struct ipm_link *link,
                                int type) {
    struct socketpair_lane made = {.fds = {-1, -1}};
    struct ipm_err err = {0};
    int failed = socketpair_make(&made, type, link->config.buffer_bytes, &err);
    end->tx_fd = made.fds[IPM_PARENT];
    end->rx_fd = made.fds[IPM_CHILD];
    errno = -failed;
    return failed ? -1 : 0;
}

static int socketpair_open(struct ipm_link *link, struct ipm_err *err) {
    return socketpair_open_type(link, SOCK_STREAM, err);
}

static int socketpair_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    struct socketpair_lane trial = {.fds = {-1, -1}};
    int failed = socketpair_make(&trial, SOCK_STREAM, 0, err);
    ipm_fd_close(&trial.fds[IPM_PARENT]);
    ipm_fd_close(&trial.fds[IPM_CHILD]);
    if (!failed)
        *ret_max_message_bytes = SIZE_MAX;
    return failed;
}

static int socketpair_dial(struct ipm_endpoint *end, const struct ipm_link *link) {
    return socketpair_dial_type(end, link, SOCK_STREAM);
}

const struct ipm_transport ipm_transport_socketpair = {
    .name = "socketpair",
    .summary = "pair of Unix stream sockets, unnamed",
    .addressing = "none, inherited",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI | IPM_CAP_POLLABLE |
            IPM_CAP_PLAIN,
    .link_size = sizeof(struct socketpair_link),
    .end_size = 0,
    .probe = socketpair_probe,
    .open = socketpair_open,
    .attach = socketpair_attach,
    .close = socketpair_close,
    .describe = socketpair_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_send,
    .recv = ipm_fd_recv,
    .connect = socketpair_dial,
    .finish = ipm_fd_finish_shutdown,
    .detach = ipm_fd_detach,
};

static int socketpair_attach_whole(struct ipm_endpoint *end, struct ipm_link *link,
                                   struct ipm_err *err) {
    int failed = socketpair_attach(end, link, err);
    return failed ? failed : ipm_batch_attach(end, link->config.batch, err);
}

static int socketpair_dgram_open(struct ipm_link *link, struct ipm_err *err) {
    return socketpair_open_type(link, SOCK_DGRAM, err);
}

static int socketpair_dgram_limit(size_t buffer_bytes, size_t *ret_max_message_bytes,
                                  struct ipm_err *err) {
    return ipm_local_limit(SOCK_DGRAM, buffer_bytes, ret_max_message_bytes, err);
}

static int socketpair_dgram_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    return socketpair_dgram_limit(0, ret_max_message_bytes, err);
}

const struct ipm_transport ipm_transport_socketpair_dgram = {
    .name = "socketpair-dgram",
    .summary = "pair of Unix datagram sockets, unnamed",
    .addressing = "none, inherited",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_MULTI | IPM_CAP_POLLABLE |
            IPM_CAP_PLAIN,
    .link_size = sizeof(struct socketpair_link),
    .end_size = sizeof(struct ipm_batches),
    .probe = socketpair_dgram_probe,
    .limit = socketpair_dgram_limit,
    .open = socketpair_dgram_open,
    .attach = socketpair_attach_whole,
    .close = socketpair_close,
    .describe = socketpair_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_send,
    .recv = ipm_fd_recv_message,
    .send_batch = ipm_batch_send,
    .recv_batch = ipm_batch_recv,
    .finish = ipm_fd_finish_mark,
    .detach = ipm_batch_detach,
};

static int socketpair_seqpacket_open(struct ipm_link *link, struct ipm_err *err) {
    return socketpair_open_type(link, SOCK_SEQPACKET, err);
}

static int socketpair_seqpacket_limit(size_t buffer_bytes, size_t *ret_max_message_bytes,
                                      struct ipm_err *err) {
    return ipm_local_limit(SOCK_SEQPACKET, buffer_bytes, ret_max_message_bytes, err);
}

static int socketpair_seqpacket_probe(size_t *ret_max_message_bytes,
                                      struct ipm_err *err) {
    return socketpair_seqpacket_limit(0, ret_max_message_bytes, err);
}

static int socketpair_seqpacket_dial(struct ipm_endpoint *end,
                                     const struct ipm_link *link) {
    return socketpair_dial_type(end, link, SOCK_SEQPACKET);
}

const struct ipm_transport ipm_transport_socketpair_seqpacket = {
    .name = "socketpair-seqpacket",
    .summary = "pair of Unix sequenced-packet sockets, unnamed",
    .addressing = "none, inherited",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI |
            IPM_CAP_POLLABLE | IPM_CAP_PLAIN,
    .link_size = sizeof(struct socketpair_link),
    .end_size = sizeof(struct ipm_batches),
    .probe = socketpair_seqpacket_probe,
    .limit = socketpair_seqpacket_limit,
    .open = socketpair_seqpacket_open,
    .attach = socketpair_attach_whole,
    .close = socketpair_close,
    .describe = socketpair_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_send,
    .recv = ipm_fd_recv_message,
    .send_batch = ipm_batch_send,
    .recv_batch = ipm_batch_recv,
    .connect = socketpair_seqpacket_dial,
    .finish = ipm_fd_finish_shutdown,
    .detach = ipm_batch_detach,
};
