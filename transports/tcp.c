/* tcp.c - TCP connections on 127.0.0.1, at a port that the kernel picks. Knows nothing of
 * those who knock: gate.h lets only children in. */
#include "base/err.h"
#include "base/facts.h"
#include "transports/fd.h"
#include "transports/gate.h"
#include "transports/inet.h"

#include <errno.h>
#include <linux/tcp.h> /* the C library's struct tcp_info lacks the byte counts */
#include <string.h>

enum {
    TCP_BACKLOG = 128, /* strangers in the queue must not keep a child out of it */
    TCP_NAME_BYTES = 16,
    TCP_HEADER_BYTES = 20 + 20, /* IPv4 and TCP, without options */
    TCP_TIMESTAMP_BYTES = 12,
    TCP_ANSWER_WAIT_MS =
        50, /* for a guest, and for what it says: strangers say nothing */
};

struct tcp_link {
    int listener;
    bool answers; /* the gate is over, so the listener waits */
    struct sockaddr_in address;
    struct ipm_gate gate;
};

static int tcp_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    int failed = ipm_inet_probe(err);
    if (!failed)
        *ret_max_message_bytes = SIZE_MAX;
    return failed;
}

static int tcp_set_congestion(int fd, const char *name, struct ipm_err *err) {
    if (!name ||
        setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, (socklen_t)strlen(name)) == 0)
        return 0;
    int failed = ipm_err_sys(err, -errno, "cannot use congestion control '%s'", name);
    ipm_err_hint(err,
                 "/proc/sys/net/ipv4/tcp_available_congestion_control shows what there "
                 "is, tcp_allowed_congestion_control what a user may choose");
    return failed;
}

/* Buffers must be asked for before listen and connect, because the window scale is agreed
 * on in the handshake (tcp(7)). An accepted socket inherits them and the congestion
 * control from the one that listens. */
static int tcp_make(const struct ipm_link_config *config, int *ret_fd,
                    struct ipm_err *err) {
    int fd = -1;
    int failed = ipm_inet_open(SOCK_STREAM, config->buffer_bytes, &fd, err);
    if (!failed)
        failed = tcp_set_congestion(fd, config->congestion, err);
    if (failed)
        ipm_fd_close(&fd);
    else
        *ret_fd = fd;
    return failed;
}

static int tcp_listen(int fd, unsigned peers, struct ipm_err *err) {
    if (ipm_fd_unblock(fd) == 0 && listen(fd, TCP_BACKLOG + (int)peers) == 0)
        return 0;
    return ipm_err_sys(err, -errno, "cannot listen on 127.0.0.1");
}

static void tcp_shut(struct tcp_link *tcp) {
    ipm_fd_close(&tcp->listener);
    ipm_gate_done(&tcp->gate);
}

static int tcp_open(struct ipm_link *link, struct ipm_err *err) {
    struct tcp_link *tcp = link->state;
    const unsigned peers = link->config.peers > 0 ? link->config.peers : 1;
    int failed = tcp_make(&link->config, &tcp->listener, err);
    if (failed)
        return failed;
    failed = tcp_listen(tcp->listener, peers, err);
    if (!failed)
        failed = ipm_inet_address(tcp->listener, &tcp->address, err);
    if (!failed)
        failed = ipm_gate_init(&tcp->gate, tcp->listener, peers, err);
    if (failed)
        tcp_shut(tcp);
    return failed;
}

static int tcp_accept(struct ipm_end *end, const struct ipm_link *link,
                      struct ipm_err *err) {
    struct tcp_link *tcp = link->state;
    int fd = -1;
    int failed =
        ipm_gate_admit(&tcp->gate, link->config.timeout_ms, &fd, &end->peer, err);
    ipm_fd_give(end, fd);
    return failed;
}

static int tcp_connect(struct ipm_end *end, const struct ipm_link *link,
                       struct ipm_err *err) {
    const struct tcp_link *tcp = link->state;
    int fd = -1;
    int failed = tcp_make(&link->config, &fd, err);
    if (failed)
        return failed;
    ipm_fd_give(end, fd);
    failed = ipm_fd_connect(fd, (const struct sockaddr *)&tcp->address,
                            sizeof tcp->address, link->config.timeout_ms, err);
    return failed ? failed : ipm_gate_present(&tcp->gate, fd, end->peer, err);
}

static int tcp_attach(struct ipm_end *end, struct ipm_link *link, struct ipm_err *err) {
    return end->side == IPM_PARENT ? tcp_accept(end, link, err)
                                   : tcp_connect(end, link, err);
}

static void tcp_close(struct ipm_link *link, enum ipm_side side) {
    struct tcp_link *tcp = link->state;
    (void)side;
    tcp_shut(tcp);
}

static void tcp_describe_number(int fd, int option, const char *key,
                                struct ipm_facts *settings) {
    int given = 0;
    socklen_t bytes = sizeof given;
    if (getsockopt(fd, IPPROTO_TCP, option, &given, &bytes) == 0)
        ipm_facts_number(settings, key, given);
}

static void tcp_describe(const struct ipm_end *end, struct ipm_facts *endpoint,
                         struct ipm_facts *settings) {
    char congestion[TCP_NAME_BYTES + 1] = "";
    socklen_t bytes = TCP_NAME_BYTES;
    ipm_inet_describe(end->rx_fd, endpoint);
    ipm_fd_describe_buffers(end->rx_fd, settings);
    tcp_describe_number(end->rx_fd, TCP_MAXSEG, "tcp_mss_bytes", settings);
    tcp_describe_number(end->rx_fd, TCP_NODELAY, "tcp_nodelay", settings);
    if (getsockopt(end->rx_fd, IPPROTO_TCP, TCP_CONGESTION, congestion, &bytes) == 0)
        ipm_facts_text(settings, "congestion", congestion);
}

/* The kernel gives as much of the struct as it knows: the byte counts since Linux 4.19. */
static int tcp_wire(const struct ipm_end *end, struct ipm_wire *wire) {
    struct tcp_info info = {0};
    socklen_t bytes = sizeof info;
    const socklen_t needed =
        offsetof(struct tcp_info, tcpi_bytes_retrans) + sizeof info.tcpi_bytes_retrans;
    if (getsockopt(end->tx_fd, IPPROTO_TCP, TCP_INFO, &info, &bytes) != 0 ||
        bytes < needed)
        return -ENOTSUP;
    const unsigned options =
        (info.tcpi_options & TCPI_OPT_TIMESTAMPS) != 0 ? TCP_TIMESTAMP_BYTES : 0;
    *wire = (struct ipm_wire){.segments = info.tcpi_segs_out,
                              .payload_bytes = info.tcpi_bytes_sent,
                              .retransmitted_bytes = info.tcpi_bytes_retrans,
                              .header_bytes = (uint64_t)info.tcpi_segs_out *
                                              (TCP_HEADER_BYTES + options)};
    return 0;
}

/* What a program does that has one thing to say: no name of its own, no timeout. */
static int tcp_dial(struct ipm_end *end, const struct ipm_link *link) {
    const struct tcp_link *tcp = link->state;
    struct ipm_err err = {0};
    ipm_fd_give(end, socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (end->tx_fd < 0)
        return -1;
    int failed = ipm_fd_set_buffers(end->tx_fd, link->config.buffer_bytes, &err);
    if (!failed)
        failed = tcp_set_congestion(end->tx_fd, link->config.congestion, &err);
    errno = -failed;
    return failed ? -1
                  : connect(end->tx_fd, (const struct sockaddr *)&tcp->address,
                            sizeof tcp->address);
}

static int tcp_answer(struct ipm_end *end, const struct ipm_link *link) {
    struct tcp_link *tcp = link->state;
    if (!tcp->answers && ipm_fd_block(tcp->listener, TCP_ANSWER_WAIT_MS) != 0)
        return -1;
    tcp->answers = true;
    ipm_fd_give(end, accept4(tcp->listener, NULL, NULL, SOCK_CLOEXEC));
    return end->rx_fd < 0 ? -1 : 0;
}

const struct ipm_transport ipm_transport_tcp = {
    .name = "tcp",
    .summary = "TCP on 127.0.0.1",
    .addressing = "four-tuple",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_CONGESTION | IPM_CAP_MULTI |
            IPM_CAP_POLLABLE | IPM_CAP_PLAIN,
    .link_size = sizeof(struct tcp_link),
    .end_size = 0,
    .probe = tcp_probe,
    .open = tcp_open,
    .attach = tcp_attach,
    .close = tcp_close,
    .describe = tcp_describe,
    .wire = tcp_wire,
    .send = ipm_fd_send,
    .recv = ipm_fd_recv,
    .dial = tcp_dial,
    .answer = tcp_answer,
    .finish = ipm_fd_finish_shutdown,
    .detach = ipm_fd_detach,
};
