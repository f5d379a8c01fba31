/* tcp.c - TCP connections on the loopback, at a port that the kernel picks: over IPv4
 * and IPv6 with default options, and with TCP_NODELAY. */
#include "transports/net/tcp.h"

#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"

#include <errno.h>
#include <linux/tcp.h> /* the C library's struct tcp_info lacks the byte counts */
#include <string.h>

enum {
    TCP_NAME_BYTES = 16,
    TCP_HEADER_BYTES = 20, /* without options */
    TCP_TIMESTAMP_BYTES = 12,
    TCP_IPV4_BYTES = 20,
    TCP_IPV6_BYTES = 40,
    TCP_LEAST_BUFFER_BYTES = 2048,
};

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

static int tcp_set_option(int fd, const struct ipm_tcp_variant *variant,
                          struct ipm_err *err) {
    const int on = 1;
    if (variant->option == 0 ||
        setsockopt(fd, variant->level, variant->option, &on, sizeof on) == 0)
        return 0;
    return ipm_err_sys(err, -errno, "cannot enable %s", variant->option_name);
}

/* With smaller buffers, the TCP window of a direction opens again only by a timer of the other
 * direction, which takes 200 ms or more. */
static int tcp_limit(const struct ipm_link_config *config, struct ipm_err *err) {
    if (config->flow != IPM_BOTH_AT_ONCE || config->buffer_bytes == 0 ||
        config->buffer_bytes >= TCP_LEAST_BUFFER_BYTES)
        return 0;
    ipm_err_limit(err, "'--buffer 2K' or more is enough");
    return ipm_err_set(err, -ENOBUFS,
                       "with a buffer of %zu bytes, two streams over one TCP connection "
                       "wait for timers",
                       config->buffer_bytes);
}

/* Buffers must be set before listen and connect, because the handshake fixes the
 * window scale (tcp(7)). An accepted socket inherits them and the congestion control
 * from the listening one. */
int ipm_tcp_make(const struct ipm_listen_kind *kind, const struct ipm_link_config *config,
                 int *ret_fd, struct ipm_err *err) {
    const struct ipm_tcp_variant *variant = (const struct ipm_tcp_variant *)kind;
    int fd = -1;
    int failed = tcp_limit(config, err);
    if (!failed)
        failed = ipm_inet_make(variant->inet, SOCK_STREAM, variant->protocol,
                               config->buffer_bytes, &fd, err);
    if (!failed)
        failed = tcp_set_congestion(fd, config->congestion, err);
    if (!failed)
        failed = tcp_set_option(fd, variant, err);
    return ipm_fd_keep(fd, failed, ret_fd);
}

int ipm_tcp_name(struct ipm_link *link, enum ipm_side side, int fd, struct ipm_err *err) {
    const struct ipm_tcp_variant *variant = link->ops->variant;
    (void)side;
    return ipm_inet_bind(variant->inet, fd, err);
}

int ipm_tcp_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    return ipm_inet_probe(&ipm_inet_4, SIZE_MAX, ret_max_message_bytes, err);
}

static int tcp_probe_6(size_t *ret_max_message_bytes, struct ipm_err *err) {
    return ipm_inet_probe(&ipm_inet_6, SIZE_MAX, ret_max_message_bytes, err);
}

void ipm_tcp_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                      struct ipm_facts *settings) {
    char congestion[TCP_NAME_BYTES + 1] = "";
    socklen_t bytes = TCP_NAME_BYTES;
    ipm_inet_describe(end, endpoint, settings);
    ipm_fd_describe_option(end->rx_fd, IPPROTO_TCP, TCP_MAXSEG, "tcp_mss_bytes",
                           settings);
    ipm_fd_describe_option(end->rx_fd, IPPROTO_TCP, TCP_NODELAY, "tcp_nodelay", settings);
    if (getsockopt(end->rx_fd, IPPROTO_TCP, TCP_CONGESTION, congestion, &bytes) == 0)
        ipm_facts_text(settings, "congestion", congestion);
}

static unsigned tcp_header_bytes(int fd, const struct tcp_info *info) {
    int domain = AF_INET;
    socklen_t bytes = sizeof domain;
    (void)getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &bytes); /* cannot fail */
    const unsigned network_bytes = domain == AF_INET6 ? TCP_IPV6_BYTES : TCP_IPV4_BYTES;
    const unsigned options_bytes =
        (info->tcpi_options & TCPI_OPT_TIMESTAMPS) != 0 ? TCP_TIMESTAMP_BYTES : 0;
    return network_bytes + TCP_HEADER_BYTES + options_bytes;
}

/* Kernels fill as much of the struct as they have: the byte counts since Linux 4.19. */
int ipm_tcp_wire(const struct ipm_endpoint *end, struct ipm_wire *wire) {
    struct tcp_info info = {0};
    socklen_t bytes = sizeof info;
    const socklen_t needed =
        offsetof(struct tcp_info, tcpi_bytes_retrans) + sizeof info.tcpi_bytes_retrans;
    if (getsockopt(end->tx_fd, IPPROTO_TCP, TCP_INFO, &info, &bytes) != 0 ||
        bytes < needed)
        return -ENOTSUP;
    *wire = (struct ipm_wire){.segments = info.tcpi_segs_out,
                              .payload_bytes = info.tcpi_bytes_sent,
                              .retransmitted_bytes = info.tcpi_bytes_retrans,
                              .header_bytes = (uint64_t)info.tcpi_segs_out *
                                              tcp_header_bytes(end->tx_fd, &info)};
    return 0;
}

/* --- the rows ----------------------------------------------------------------------- */

#define TCP_OPERATIONS                                                                   \
    .addressing = "four-tuple",                                                          \
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_CONGESTION | IPM_CAP_MULTI |  \
            IPM_CAP_POLLABLE | IPM_CAP_PLAIN | IPM_CAP_REMOTE,                           \
    .describe = ipm_tcp_describe, .wire = ipm_tcp_wire, .send = ipm_fd_send,             \
    .recv = ipm_fd_recv, .accept = ipm_listen_accept, IPM_LISTEN_OPERATIONS

static const struct ipm_tcp_variant tcp_plain = {.listen = IPM_TCP_LISTEN("127.0.0.1"),
                                                 .inet = &ipm_inet_4};
static const struct ipm_tcp_variant tcp_nodelay = {.listen = IPM_TCP_LISTEN("127.0.0.1"),
                                                   .inet = &ipm_inet_4,
                                                   .level = IPPROTO_TCP,
                                                   .option = TCP_NODELAY,
                                                   .option_name = "TCP_NODELAY"};
static const struct ipm_tcp_variant tcp_ipv6 = {.listen = IPM_TCP_LISTEN("::1"),
                                                .inet = &ipm_inet_6};

const struct ipm_transport ipm_transport_tcp = {
    .name = "tcp",
    .summary = "TCP on 127.0.0.1",
    .probe = ipm_tcp_probe,
    .variant = &tcp_plain,
    TCP_OPERATIONS,
};

const struct ipm_transport ipm_transport_tcp_nodelay = {
    .name = "tcp-nodelay",
    .summary = "TCP on 127.0.0.1 with TCP_NODELAY",
    .probe = ipm_tcp_probe,
    .variant = &tcp_nodelay,
    TCP_OPERATIONS,
};

const struct ipm_transport ipm_transport_tcp6 = {
    .name = "tcp6",
    .summary = "TCP on ::1",
    .probe = tcp_probe_6,
    .variant = &tcp_ipv6,
    TCP_OPERATIONS,
};
