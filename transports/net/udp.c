/* udp.c - UDP on the loopback of IPv4 and IPv6: two datagram sockets, connected to each
 * other before fork, so that the kernel drops what other processes send (udp(7)). With
 * many children the parent has one socket for all of them, and tells them apart by the
 * port that a datagram came from, which is known before fork. */
#include "transports/net/udp.h"

#include "base/err.h"
#include "transports/common/fd.h"

#include <errno.h>
#include <limits.h>

enum { UDP_BOOKKEEPING_BYTES = 1024 };

int ipm_udp_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    return ipm_inet_probe(&ipm_inet_4, ipm_inet_4.datagram_bytes, ret_max_message_bytes,
                          err);
}

static int udp_probe_6(size_t *ret_max_message_bytes, struct ipm_err *err) {
    return ipm_inet_probe(&ipm_inet_6, ipm_inet_6.datagram_bytes, ret_max_message_bytes,
                          err);
}

void ipm_udp_close(struct ipm_link *link, enum ipm_side side) {
    struct ipm_udp_link *udp = link->state;
    (void)side;
    ipm_fd_list_free(&udp->fds, udp->peers + 1);
}

/* Where each client waits for a response before its next request, the buffer has room for
 * one request of each: a burst that is lost would never be sent again. The kernel doubles
 * what is asked for bookkeeping, which for a datagram may be as much as its contents.
 * SO_RCVBUFFORCE may exceed rmem_max and is for root (socket(7)); the report shows the
 * result. */
static void udp_make_room(int fd, const struct ipm_link_config *config) {
    int now = 0;
    socklen_t bytes = sizeof now;
    const size_t wanted = config->peers * (config->message_bytes + UDP_BOOKKEEPING_BYTES);
    const int asked = wanted > INT_MAX / 2 ? INT_MAX / 2 : (int)wanted;
    if (config->flow != IPM_BOTH_WAYS || config->buffer_bytes > 0 ||
        getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &now, &bytes) != 0 || now / 2 >= asked)
        return;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &asked, sizeof asked) != 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &asked, sizeof asked);
}

/* The parent's socket is connected only to a single child's. */
int ipm_udp_open(struct ipm_link *link, struct ipm_err *err) {
    struct ipm_udp_link *udp = link->state;
    const unsigned peers = link->config.peers > 0 ? link->config.peers : 1;
    int failed = 0;
    *udp = (struct ipm_udp_link){.inet = link->ops->variant,
                                 .peers = peers,
                                 .fds = ipm_fd_list_new(peers + 1, err)};
    if (!udp->fds)
        return -ENOMEM;
    for (unsigned i = 0; i <= peers && !failed; i++) {
        failed = ipm_inet_open(udp->inet, SOCK_DGRAM, link->config.buffer_bytes,
                               &udp->fds[i], err);
        if (!failed && i > 0)
            failed = ipm_fd_connect_datagram(udp->fds[i], udp->fds[0], err);
    }
    if (!failed && peers > 1)
        udp_make_room(udp->fds[0], &link->config);
    else if (!failed)
        failed = ipm_fd_connect_datagram(udp->fds[0], udp->fds[1], err);
    if (failed)
        ipm_udp_close(link, IPM_PARENT);
    return failed;
}

static int udp_learn_ports(struct ipm_udp_end *state, const struct ipm_udp_link *udp,
                           struct ipm_err *err) {
    int failed = 0;
    state->shared = true;
    for (unsigned i = 0; i < udp->peers && !failed; i++) {
        failed = ipm_inet_address(udp->fds[1 + i], &state->client, err);
        const in_port_t port = failed ? 0 : *ipm_inet_port(&state->client);
        state->number_of[port] = (uint16_t)(i + 1);
        state->port_of[i] = port;
    }
    return failed;
}

/* The parent's end for several children takes one datagram a call, because it must tell
 * whose it is: so it needs no batches. */
int ipm_udp_attach(struct ipm_endpoint *end, struct ipm_link *link, struct ipm_err *err) {
    struct ipm_udp_link *udp = link->state;
    const bool parent = end->side == IPM_PARENT;
    if (parent)
        end->peer = 0;
    ipm_fd_give(end, ipm_fd_take(&udp->fds[parent ? 0 : 1 + end->peer]));
    return parent && udp->peers > 1 ? udp_learn_ports(end->state, udp, err)
                                    : ipm_batch_attach(end, link->config.batch, err);
}

/* Ignores what other processes send to the shared socket. Not inlined: else the recv of a
 * connected socket, which is a jump, would save the registers of this function first. */
__attribute__((noinline)) static ssize_t udp_recv_any(struct ipm_endpoint *end, void *buf,
                                                      size_t cap) {
    const struct ipm_udp_end *state = end->state;
    for (;;) {
        struct ipm_address from = {.bytes = sizeof from.as.in6};
        ssize_t r = recvfrom(end->rx_fd, buf, cap, MSG_TRUNC, &from.as.any, &from.bytes);
        if (r < 0)
            return r;
        const unsigned number = state->number_of[*ipm_inet_port(&from)];
        if (number > 0 && ipm_inet_is_loopback(&from)) {
            end->peer = number - 1;
            return r;
        }
    }
}

__attribute__((noinline)) static ssize_t
udp_send_to(struct ipm_endpoint *end, const void *buf, size_t len, int flags) {
    const struct ipm_udp_end *state = end->state;
    struct ipm_address to = {.bytes = state->client.bytes,
                             .as.in6 = state->client.as.in6};
    *ipm_inet_port(&to) = state->port_of[end->peer];
    return sendto(end->tx_fd, buf, len, flags | MSG_NOSIGNAL, &to.as.any, to.bytes);
}

/* MSG_TRUNC gives the real length of a datagram, of which the rest is lost (recv(2)). */
ssize_t ipm_udp_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    const struct ipm_udp_end *state = end->state;
    if (state->shared)
        return udp_recv_any(end, buf, cap);
    return recv(end->rx_fd, buf, cap, MSG_TRUNC);
}

ssize_t ipm_udp_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    const struct ipm_udp_end *state = end->state;
    if (state->shared)
        return udp_send_to(end, buf, len, 0);
    return send(end->tx_fd, buf, len, MSG_NOSIGNAL);
}

/* An empty datagram is the mark. It may be lost, and a full queue loses it here. */
int ipm_udp_finish(struct ipm_endpoint *end) {
    const struct ipm_udp_end *state = end->state;
    if (state->shared)
        return ipm_fd_classify_mark(udp_send_to(end, "", 0, MSG_DONTWAIT));
    return ipm_fd_finish_mark(end);
}

/* --- the rows ----------------------------------------------------------------------- */

#define UDP_OPERATIONS                                                                   \
    .end_size = sizeof(struct ipm_udp_end),                                              \
    .caps = IPM_CAP_MESSAGES | IPM_CAP_MULTI | IPM_CAP_SHARED | IPM_CAP_POLLABLE |       \
            IPM_CAP_PLAIN,                                                               \
    .attach = ipm_udp_attach, .describe = ipm_inet_describe, .recv = ipm_udp_recv,       \
    .send_batch = ipm_batch_send, .recv_batch = ipm_batch_recv, IPM_UDP_OPERATIONS

const struct ipm_transport ipm_transport_udp = {
    .name = "udp",
    .summary = "UDP on 127.0.0.1, both ends connected",
    .probe = ipm_udp_probe,
    .variant = &ipm_inet_4,
    UDP_OPERATIONS,
};

const struct ipm_transport ipm_transport_udp6 = {
    .name = "udp6",
    .summary = "UDP on ::1, both ends connected",
    .probe = udp_probe_6,
    .variant = &ipm_inet_6,
    UDP_OPERATIONS,
};
