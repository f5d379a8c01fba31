/* udp.c - two datagram sockets on 127.0.0.1, connected to each other before fork, so that
 * nobody else's datagrams get in (udp(7)). Knows nothing of what is lost on the way. */
#include "base/err.h"
#include "base/facts.h"
#include "transports/fd.h"
#include "transports/inet.h"

#include <errno.h>
#include <stdlib.h>

/* 65,535 less 20 bytes of IPv4 and 8 of UDP header. */
enum { UDP_MAX_MESSAGE_BYTES = 65507 };

struct udp_link {
    int fds[2]; /* by enum ipm_side */
};

static int udp_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    int failed = ipm_inet_probe(err);
    if (!failed)
        *ret_max_message_bytes = UDP_MAX_MESSAGE_BYTES;
    return failed;
}

static void udp_close(struct ipm_link *link, enum ipm_side side) {
    struct udp_link *udp = link->state;
    (void)side;
    ipm_fd_close(&udp->fds[IPM_PARENT]);
    ipm_fd_close(&udp->fds[IPM_CHILD]);
}

/* Connects one socket to the other and throws away what strangers had sent to it before:
 * from now on the kernel takes none from them. */
static int udp_connect(int fd, int peer_fd, struct ipm_err *err) {
    struct sockaddr_in peer = {0};
    char stray = 0;
    ssize_t drained = 0;
    int failed = ipm_inet_address(peer_fd, &peer, err);
    if (failed)
        return failed;
    if (connect(fd, (const struct sockaddr *)&peer, sizeof peer) != 0)
        return ipm_err_sys(err, -errno, "cannot connect one UDP socket to the other");
    while (drained >= 0)
        drained = recv(fd, &stray, sizeof stray, MSG_DONTWAIT);
    return 0;
}

static int udp_open(struct ipm_link *link, struct ipm_err *err) {
    struct udp_link *udp = link->state;
    const size_t buffer_bytes = link->config.buffer_bytes;
    *udp = (struct udp_link){.fds = {-1, -1}};
    int failed = ipm_inet_open(SOCK_DGRAM, buffer_bytes, &udp->fds[IPM_PARENT], err);
    if (!failed)
        failed = ipm_inet_open(SOCK_DGRAM, buffer_bytes, &udp->fds[IPM_CHILD], err);
    if (!failed)
        failed = udp_connect(udp->fds[IPM_PARENT], udp->fds[IPM_CHILD], err);
    if (!failed)
        failed = udp_connect(udp->fds[IPM_CHILD], udp->fds[IPM_PARENT], err);
    if (failed)
        udp_close(link, IPM_PARENT);
    return failed;
}

/* What sendmmsg(2) and recvmmsg(2) want to know of each message. Each way has its own,
 * because both ways may be busy at once. */
struct udp_batch {
    struct mmsghdr *headers;
    struct iovec *parts;
};

struct udp_end {
    struct udp_batch out;
    struct udp_batch in;
};

static void udp_free_batch(struct udp_batch *batch) {
    free(batch->headers);
    free(batch->parts);
    *batch = (struct udp_batch){0};
}

static int udp_make_batch(struct udp_batch *batch, unsigned count, struct ipm_err *err) {
    batch->headers = calloc(count, sizeof *batch->headers);
    batch->parts = calloc(count, sizeof *batch->parts);
    if (!batch->headers || !batch->parts)
        return ipm_err_sys(err, -ENOMEM, "cannot make a batch of %u datagrams", count);
    for (unsigned i = 0; i < count; i++)
        batch->headers[i].msg_hdr =
            (struct msghdr){.msg_iov = &batch->parts[i], .msg_iovlen = 1};
    return 0;
}

static int udp_make_batches(struct ipm_end *end, unsigned count, struct ipm_err *err) {
    struct udp_end *state = end->state;
    if (count <= 1)
        return 0;
    int failed = udp_make_batch(&state->out, count, err);
    return failed ? failed : udp_make_batch(&state->in, count, err);
}

static int udp_attach(struct ipm_end *end, struct ipm_link *link, struct ipm_err *err) {
    struct udp_link *udp = link->state;
    ipm_fd_give(end, ipm_fd_take(&udp->fds[end->side]));
    return udp_make_batches(end, link->config.batch, err);
}

static void udp_describe(const struct ipm_end *end, struct ipm_facts *endpoint,
                         struct ipm_facts *settings) {
    ipm_inet_describe(end->rx_fd, endpoint);
    ipm_fd_describe_buffers(end->rx_fd, settings);
}

/* MSG_TRUNC gives the real length of a datagram, of which the rest is lost (recv(2)). */
static ssize_t udp_recv(struct ipm_end *end, void *buf, size_t cap) {
    return recv(end->rx_fd, buf, cap, MSG_TRUNC);
}

static void udp_place_batch(struct udp_batch *batch, unsigned char *at, size_t bytes,
                            unsigned count) {
    for (unsigned i = 0; i < count; i++, at += bytes)
        batch->parts[i] = (struct iovec){.iov_base = at, .iov_len = bytes};
}

static ssize_t udp_send_batch(struct ipm_end *end, const void *buf, size_t len,
                              unsigned count) {
    struct udp_end *state = end->state;
    udp_place_batch(&state->out, (unsigned char *)buf, len, count);
    return sendmmsg(end->tx_fd, state->out.headers, count, MSG_NOSIGNAL);
}

/* As in udp_recv, the real lengths. It waits for the first one only. */
static ssize_t udp_recv_batch(struct ipm_end *end, void *buf, size_t cap, unsigned count,
                              size_t *lens) {
    struct udp_end *state = end->state;
    udp_place_batch(&state->in, buf, cap, count);
    int got =
        recvmmsg(end->rx_fd, state->in.headers, count, MSG_WAITFORONE | MSG_TRUNC, NULL);
    for (int i = 0; i < got; i++)
        lens[i] = state->in.headers[i].msg_len;
    return got;
}

static void udp_detach(struct ipm_end *end) {
    struct udp_end *state = end->state;
    ipm_fd_detach(end);
    udp_free_batch(&state->out);
    udp_free_batch(&state->in);
}

/* An empty datagram is the mark. It may be lost, and a full queue loses it here. */
static int udp_finish(struct ipm_end *end) {
    if (send(end->tx_fd, "", 0, MSG_DONTWAIT | MSG_NOSIGNAL) == 0)
        return 0;
    return errno == EAGAIN || errno == ENOBUFS || errno == ECONNREFUSED ? 0 : -errno;
}

const struct ipm_transport ipm_transport_udp = {
    .name = "udp",
    .summary = "UDP on 127.0.0.1, both ends connected",
    .addressing = "two-tuple of each end",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES,
    .link_size = sizeof(struct udp_link),
    .end_size = sizeof(struct udp_end),
    .probe = udp_probe,
    .open = udp_open,
    .attach = udp_attach,
    .close = udp_close,
    .describe = udp_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_send,
    .recv = udp_recv,
    .send_batch = udp_send_batch,
    .recv_batch = udp_recv_batch,
    .finish = udp_finish,
    .detach = udp_detach,
};
