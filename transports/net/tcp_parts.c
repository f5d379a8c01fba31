/* tcp_parts.c - what the TCP transports share. Knows none of their rows, and not how two
 * ends meet. */
#include "transports/net/tcp_parts.h"

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

/* Buffers must be asked for before listen and connect, because the window scale is agreed
 * on in the handshake (tcp(7)). An accepted socket inherits them and the congestion
 * control from the one that listens. */
int ipm_tcp_make(const struct ipm_inet *inet, const struct ipm_link_config *config,
                 int *ret_fd, struct ipm_err *err) {
    int fd = -1;
    int failed = ipm_inet_make(inet, SOCK_STREAM, 0, config->buffer_bytes, &fd, err);
    if (!failed)
        failed = tcp_set_congestion(fd, config->congestion, err);
    if (failed)
        ipm_fd_close(&fd);
    else
        *ret_fd = fd;
    return failed;
}

int ipm_tcp_make_with(const struct ipm_link_config *config, int level, int option,
                      const char *what, int *ret_fd, struct ipm_err *err) {
    const int on = 1;
    int fd = -1;
    int failed = ipm_tcp_make(&ipm_inet_4, config, &fd, err);
    if (!failed && setsockopt(fd, level, option, &on, sizeof on) != 0)
        failed = ipm_err_sys(err, -errno, "cannot switch on %s", what);
    if (failed)
        ipm_fd_close(&fd);
    else
        *ret_fd = fd;
    return failed;
}

int ipm_tcp_name_4(int fd, struct ipm_err *err) {
    return ipm_inet_bind(&ipm_inet_4, fd, err);
}

int ipm_tcp_name_6(int fd, struct ipm_err *err) {
    return ipm_inet_bind(&ipm_inet_6, fd, err);
}

int ipm_tcp_probe(const struct ipm_inet *inet, size_t *ret_max_message_bytes,
                  struct ipm_err *err) {
    int failed = ipm_inet_probe(inet, err);
    if (!failed)
        *ret_max_message_bytes = SIZE_MAX;
    return failed;
}

static int tcp_number(int fd, int level, int option, int *ret_number) {
    socklen_t bytes = sizeof *ret_number;
    return getsockopt(fd, level, option, ret_number, &bytes);
}

static void tcp_describe_number(int fd, int option, const char *key,
                                struct ipm_facts *settings) {
    int given = 0;
    if (tcp_number(fd, IPPROTO_TCP, option, &given) == 0)
        ipm_facts_number(settings, key, given);
}

void ipm_tcp_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
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

static unsigned tcp_header_bytes(int fd, const struct tcp_info *info) {
    int domain = AF_INET;
    (void)tcp_number(fd, SOL_SOCKET, SO_DOMAIN, &domain); /* fails for no socket */
    const unsigned network_bytes = domain == AF_INET6 ? TCP_IPV6_BYTES : TCP_IPV4_BYTES;
    const unsigned options_bytes =
        (info->tcpi_options & TCPI_OPT_TIMESTAMPS) != 0 ? TCP_TIMESTAMP_BYTES : 0;
    return network_bytes + TCP_HEADER_BYTES + options_bytes;
}

/* The kernel gives as much of the struct as it knows: the byte counts since Linux 4.19. */
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
