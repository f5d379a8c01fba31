/* udp.c - two datagram sockets on 127.0.0.1, connected to each other before fork, so that
 * nobody else's datagrams get in (udp(7)). With many children one socket of the parent is
 * for all of them: who has sent what is told by the port it came from, which is known
 * before fork. Knows nothing of what is lost on the way. */
#include "base/err.h"
#include "base/facts.h"
#include "transports/batch.h"
#include "transports/fd.h"
#include "transports/inet.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

/* 65,535 less 20 bytes of IPv4 and 8 of UDP header. */
enum { UDP_MAX_MESSAGE_BYTES = 65507, UDP_BOOKKEEPING_BYTES = 1024 };

enum { UDP_PORTS = 1 << 16 };

struct udp_link {
    int fds[2];      /* by enum ipm_side; the child's only when it is the only one */
    int *client_fds; /* else one for each child */
    unsigned peers;
};

struct udp_end {
    struct ipm_batches batches;    /* first: batch.h looks for them there */
    bool shared;                   /* the parent's, with several children */
    uint16_t number_of[UDP_PORTS]; /* a child's number + 1, by its port as it is sent */
    in_port_t port_of[UDP_PORTS];  /* and back */
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
    for (unsigned i = 0; udp->client_fds && i < udp->peers; i++)
        ipm_fd_close(&udp->client_fds[i]);
    free(udp->client_fds);
    udp->client_fds = NULL;
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

static int udp_open_pair(struct udp_link *udp, size_t buffer_bytes, struct ipm_err *err) {
    int failed = ipm_inet_open(SOCK_DGRAM, buffer_bytes, &udp->fds[IPM_CHILD], err);
    if (!failed)
        failed = udp_connect(udp->fds[IPM_PARENT], udp->fds[IPM_CHILD], err);
    if (!failed)
        failed = udp_connect(udp->fds[IPM_CHILD], udp->fds[IPM_PARENT], err);
    return failed;
}

/* Where each client waits for an answer before it asks again, there is room for a question
 * of each: else a burst of them is lost and never asked again. The kernel doubles what is
 * asked for bookkeeping, which for a datagram may be as much as it holds. SO_RCVBUFFORCE goes
 * beyond rmem_max and is for root (socket(7)); the report shows what it became. */
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

/* The server's socket is connected to nobody; the clients' are connected to it. */
static int udp_open_many(struct udp_link *udp, const struct ipm_link_config *config,
                         struct ipm_err *err) {
    int failed = 0;
    udp_make_room(udp->fds[IPM_PARENT], config);
    udp->client_fds = malloc(udp->peers * sizeof *udp->client_fds);
    if (!udp->client_fds)
        return ipm_err_sys(err, -ENOMEM, "cannot make room for %u clients", udp->peers);
    for (unsigned i = 0; i < udp->peers; i++)
        udp->client_fds[i] = -1;
    for (unsigned i = 0; i < udp->peers && !failed; i++) {
        failed =
            ipm_inet_open(SOCK_DGRAM, config->buffer_bytes, &udp->client_fds[i], err);
        if (!failed)
            failed = udp_connect(udp->client_fds[i], udp->fds[IPM_PARENT], err);
    }
    return failed;
}

static int udp_open(struct ipm_link *link, struct ipm_err *err) {
    struct udp_link *udp = link->state;
    const size_t buffer_bytes = link->config.buffer_bytes;
    *udp = (struct udp_link){.fds = {-1, -1}, .peers = link->config.peers};
    int failed = ipm_inet_open(SOCK_DGRAM, buffer_bytes, &udp->fds[IPM_PARENT], err);
    if (!failed)
        failed = udp->peers > 1 ? udp_open_many(udp, &link->config, err)
                                : udp_open_pair(udp, buffer_bytes, err);
    if (failed)
        udp_close(link, IPM_PARENT);
    return failed;
}

static int udp_learn_ports(struct udp_end *state, const struct udp_link *udp,
                           struct ipm_err *err) {
    struct sockaddr_in client = {0};
    int failed = 0;
    state->shared = true;
    for (unsigned i = 0; i < udp->peers && !failed; i++) {
        failed = ipm_inet_address(udp->client_fds[i], &client, err);
        state->number_of[client.sin_port] = (uint16_t)(i + 1);
        state->port_of[i] = client.sin_port;
    }
    return failed;
}

static int udp_attach(struct ipm_end *end, struct ipm_link *link, struct ipm_err *err) {
    struct udp_link *udp = link->state;
    const bool many = udp->client_fds != NULL;
    int *fd = many && end->side == IPM_CHILD ? &udp->client_fds[end->peer]
                                             : &udp->fds[end->side];
    ipm_fd_give(end, ipm_fd_take(fd));
    if (end->side == IPM_PARENT)
        end->peer = 0;
    return many && end->side == IPM_PARENT
               ? udp_learn_ports(end->state, udp, err)
               : ipm_batch_attach(end, link->config.batch, err);
}

static void udp_describe(const struct ipm_end *end, struct ipm_facts *endpoint,
                         struct ipm_facts *settings) {
    ipm_inet_describe(end->rx_fd, endpoint);
    ipm_fd_describe_buffers(end->rx_fd, settings);
}

static bool udp_is_loopback(const struct sockaddr_in *from) {
    return from->sin_addr.s_addr == htonl(INADDR_LOOPBACK);
}

/* What strangers send to the shared socket is passed over. */
static ssize_t udp_recv_any(struct ipm_end *end, void *buf, size_t cap) {
    const struct udp_end *state = end->state;
    for (;;) {
        struct sockaddr_in from = {0};
        socklen_t bytes = sizeof from;
        ssize_t r =
            recvfrom(end->rx_fd, buf, cap, MSG_TRUNC, (struct sockaddr *)&from, &bytes);
        const unsigned number = r < 0 ? 0 : state->number_of[from.sin_port];
        if (number > 0 && udp_is_loopback(&from))
            end->peer = number - 1;
        if (r < 0 || (number > 0 && udp_is_loopback(&from)))
            return r;
    }
}

static ssize_t udp_send_to(struct ipm_end *end, const void *buf, size_t len, int flags) {
    const struct udp_end *state = end->state;
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = state->port_of[end->peer],
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return sendto(end->tx_fd, buf, len, flags | MSG_NOSIGNAL,
                  (const struct sockaddr *)&to, sizeof to);
}

static ssize_t udp_recv(struct ipm_end *end, void *buf, size_t cap) {
    const struct udp_end *state = end->state;
    if (state->shared)
        return udp_recv_any(end, buf, cap);
    return ipm_fd_recv_message(end, buf, cap);
}

static ssize_t udp_send(struct ipm_end *end, const void *buf, size_t len) {
    const struct udp_end *state = end->state;
    if (state->shared)
        return udp_send_to(end, buf, len, 0);
    return ipm_fd_send(end, buf, len);
}

/* An empty datagram is the mark. It may be lost, and a full queue loses it here. */
static int udp_finish(struct ipm_end *end) {
    const struct udp_end *state = end->state;
    if (state->shared)
        return ipm_fd_weigh_mark(udp_send_to(end, "", 0, MSG_DONTWAIT));
    return ipm_fd_finish_mark(end);
}

const struct ipm_transport ipm_transport_udp = {
    .name = "udp",
    .summary = "UDP on 127.0.0.1, both ends connected",
    .addressing = "two-tuple of each end",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_MULTI | IPM_CAP_SHARED | IPM_CAP_POLLABLE |
            IPM_CAP_PLAIN,
    .link_size = sizeof(struct udp_link),
    .end_size = sizeof(struct udp_end),
    .probe = udp_probe,
    .open = udp_open,
    .attach = udp_attach,
    .close = udp_close,
    .describe = udp_describe,
    .wire = ipm_no_wire,
    .send = udp_send,
    .recv = udp_recv,
    .send_batch = ipm_batch_send,
    .recv_batch = ipm_batch_recv,
    .finish = udp_finish,
    .detach = ipm_batch_detach,
};
