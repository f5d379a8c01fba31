/* udp.c - UDP on the loopback of IPv4 and IPv6: two datagram sockets, connected to
 * each other before fork, so that the kernel drops what other processes send (udp(7)).
 * With many children the parent has one socket for all of them and distinguishes them
 * by source port, which is known before fork. Nothing here repeats a lost message: the loops of
 * requests do (src/run/pump/request_retry.c). */
#include "transports/net/udp.h"

#include "base/err.h"
#include "transports/common/fd.h"

#include <errno.h>
#include <limits.h>
#include <linux/sock_diag.h>
#include <stdlib.h>

enum { UDP_TRY_MS = 1000 };

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

/* Measures how many bytes of a receive buffer the kernel charges for a datagram, whose
 * memory is a power of two: sends one from the child's socket to the parent's and
 * receives it. */
static int udp_measure(const struct ipm_udp_link *udp, size_t bytes, size_t *ret_charge,
                       struct ipm_err *err) {
    uint32_t used[SK_MEMINFO_VARS] = {0};
    socklen_t used_bytes = sizeof used;
    struct pollfd came = {.fd = udp->fds[0], .events = POLLIN};
    unsigned char *message = calloc(1, bytes);
    if (!message)
        return ipm_err_sys(err, -ENOMEM, "cannot try a message of %zu bytes", bytes);
    int failed = 0;
    if (send(udp->fds[1], message, bytes, MSG_NOSIGNAL) < 0 ||
        poll(&came, 1, UDP_TRY_MS) < 0 ||
        getsockopt(udp->fds[0], SOL_SOCKET, SO_MEMINFO, used, &used_bytes) != 0)
        failed = ipm_err_sys(err, -errno, "cannot try a message of %zu bytes", bytes);
    (void)recv(udp->fds[0], message, bytes, MSG_DONTWAIT);
    free(message);
    if (!failed)
        *ret_charge = used[SK_MEMINFO_RMEM_ALLOC];
    return failed;
}

static size_t udp_receive_buffer(int fd) {
    int given = 0;
    socklen_t bytes = sizeof given;
    (void)getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &given, &bytes); /* cannot fail */
    return (size_t)given;
}

/* Requests a receive buffer and returns what the kernel set, which is twice the
 * request. SO_RCVBUFFORCE, which needs root, may exceed net.core.rmem_max (socket(7)). */
static size_t udp_enlarge(int fd, size_t wanted) {
    const int asked = wanted / 2 > INT_MAX / 2 ? INT_MAX / 2 : (int)(wanted / 2) + 1;
    if (udp_receive_buffer(fd) < wanted &&
        setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &asked, sizeof asked) != 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &asked, sizeof asked);
    return udp_receive_buffer(fd);
}

/* Where each client waits for a response before its next request, the server's buffer
 * must hold one request of each; otherwise requests are lost in bursts. The kernel
 * returns memory late, a quarter of the buffer at a time (udp_rmem_release). */
static int udp_make_room(const struct ipm_udp_link *udp,
                         const struct ipm_link_config *config, struct ipm_err *err) {
    size_t charge = 0;
    if (config->flow != IPM_BOTH_WAYS)
        return 0;
    int failed = udp_measure(udp, config->message_bytes, &charge, err);
    if (failed)
        return failed;
    const size_t wanted = charge * udp->peers / 3 * 4 + charge;
    const size_t given = config->buffer_bytes > 0 ? udp_receive_buffer(udp->fds[0])
                                                  : udp_enlarge(udp->fds[0], wanted);
    if (given >= wanted)
        return 0;
    (void)ipm_err_set(err, -ENOBUFS,
                      "a request of each of %u clients needs a receive buffer of %zu "
                      "bytes, and the kernel gives %zu",
                      udp->peers, wanted, given);
    if (config->buffer_bytes > 0)
        ipm_err_limit(err, "'--buffer %zu' is enough", wanted / 2 + 1);
    else
        ipm_err_limit(err,
                      "net.core.rmem_max limits it: 'sysctl -w "
                      "net.core.rmem_max=%zu' raises it",
                      wanted / 2 + 1);
    return -ENOBUFS;
}

/* The parent's socket is connected only if there is a single child. */
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
        failed = udp_make_room(udp, &link->config, err);
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

/* The parent's end for several children needs no batches: it receives one datagram per
 * call, because it must identify the sender. */
int ipm_udp_attach(struct ipm_endpoint *end, struct ipm_link *link, struct ipm_err *err) {
    struct ipm_udp_link *udp = link->state;
    const bool parent = end->side == IPM_PARENT;
    if (parent)
        end->peer = 0;
    ipm_fd_give(end, ipm_fd_take(&udp->fds[parent ? 0 : 1 + end->peer]));
    return parent && udp->peers > 1 ? udp_learn_ports(end->state, udp, err)
                                    : ipm_batch_attach(end, link->config.batch, err);
}

/* Ignores what other processes send to the shared socket. It is not inlined, because
 * ipm_udp_recv would save registers before its tail call. */
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

/* MSG_TRUNC returns the real length of a datagram, whose rest is lost (recv(2)). */
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

/* Sends an empty datagram as the mark. It may be lost, and a full queue drops it here. */
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
            IPM_CAP_PLAIN | IPM_CAP_REMOTE,                                              \
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
