/* inet.c - IPv4 and IPv6 sockets on the loopback. */
#include "transports/net/inet.h"

#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"

#include <arpa/inet.h>
#include <errno.h>

/* 65,535 less 8 bytes of UDP header. The 20 bytes of the IPv4 header count, those of
 * IPv6 do not: the packet length of IPv6 excludes its header (RFC 8200). */
const struct ipm_inet ipm_inet_4 = {.domain = AF_INET,
                                    .version = "IPv4",
                                    .loopback = "127.0.0.1",
                                    .advice = "'ip link set lo up' brings it up",
                                    .datagram_bytes = 65535 - 20 - 8};
const struct ipm_inet ipm_inet_6 = {.domain = AF_INET6,
                                    .version = "IPv6",
                                    .loopback = "::1",
                                    .advice =
                                        "'ip link set lo up' brings it up, 'sysctl -w "
                                        "net.ipv6.conf.lo.disable_ipv6=0' allows IPv6",
                                    .datagram_bytes = 65535 - 8};

static struct ipm_address inet_any_port(const struct ipm_inet *inet) {
    struct ipm_address address = {.bytes = sizeof address.as.in};
    if (inet->domain == AF_INET) {
        address.as.in = (struct sockaddr_in){.sin_family = AF_INET,
                                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    } else {
        address.bytes = sizeof address.as.in6;
        address.as.in6 =
            (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
    }
    return address;
}

/* Words the errno of a call that shows that there is no loopback. */
static int inet_refuse(const struct ipm_inet *inet, const char *what,
                       struct ipm_err *err) {
    const int failed = -errno;
    ipm_err_hint(err, "%s", inet->advice);
    return ipm_err_sys(err, failed, "no %s loopback: cannot %s %s", inet->version, what,
                       inet->loopback);
}

int ipm_inet_bind(const struct ipm_inet *inet, int fd, struct ipm_err *err) {
    const struct ipm_address any_port = inet_any_port(inet);
    if (bind(fd, &any_port.as.any, any_port.bytes) == 0)
        return 0;
    const int failed = -errno;
    if (failed == -EADDRNOTAVAIL)
        return inet_refuse(inet, "bind to", err);
    if (failed == -EADDRINUSE)
        ipm_err_limit(err, IPM_ERR_PORTS);
    return ipm_err_sys(err, failed, "cannot bind to %s", inet->loopback);
}

int ipm_inet_make(const struct ipm_inet *inet, int type, int protocol,
                  size_t buffer_bytes, int *ret_fd, struct ipm_err *err) {
    int fd = socket(inet->domain, type | SOCK_CLOEXEC, protocol);
    if (fd < 0 && errno == EAFNOSUPPORT)
        return ipm_err_sys(err, -errno, "no %s loopback: cannot make a socket",
                           inet->version);
    if (fd < 0)
        return ipm_err_sys(err, -errno, "cannot make a socket");
    return ipm_fd_keep(fd, ipm_fd_set_buffers(fd, buffer_bytes, err), ret_fd);
}

int ipm_inet_open(const struct ipm_inet *inet, int type, size_t buffer_bytes, int *ret_fd,
                  struct ipm_err *err) {
    int fd = -1;
    int failed = ipm_inet_make(inet, type, 0, buffer_bytes, &fd, err);
    if (!failed)
        failed = ipm_inet_bind(inet, fd, err);
    return ipm_fd_keep(fd, failed, ret_fd);
}

int ipm_inet_address(int fd, struct ipm_address *ret_address, struct ipm_err *err) {
    struct ipm_address address = {.bytes = sizeof address.as};
    if (getsockname(fd, &address.as.any, &address.bytes) != 0)
        return ipm_err_sys(err, -errno, "cannot read the address of a socket");
    *ret_address = address;
    return 0;
}

static void inet_describe(int fd, int (*name_of)(int, struct sockaddr *, socklen_t *),
                          const char *address_key, const char *port_key,
                          struct ipm_facts *endpoint) {
    struct ipm_address name = {.bytes = sizeof name.as};
    char text[INET6_ADDRSTRLEN] = "";
    if (name_of(fd, &name.as.any, &name.bytes) != 0)
        return;
    const void *host = name.as.any.sa_family == AF_INET
                           ? (const void *)&name.as.in.sin_addr
                           : (const void *)&name.as.in6.sin6_addr;
    if (inet_ntop(name.as.any.sa_family, host, text, sizeof text))
        ipm_facts_text(endpoint, address_key, text);
    ipm_facts_number(endpoint, port_key, ntohs(*ipm_inet_port(&name)));
}

void ipm_inet_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                       struct ipm_facts *settings) {
    inet_describe(end->rx_fd, getsockname, "local_address", "local_port", endpoint);
    inet_describe(end->rx_fd, getpeername, "peer_address", "peer_port", endpoint);
    ipm_fd_describe_buffers(end->rx_fd, settings);
}

/* Checks that the loopback is up: an address of an interface that is down can be
 * bound, but has no route. connect(2) on a datagram socket looks up the route and
 * sends nothing. */
static int inet_reach(const struct ipm_inet *inet, int fd, struct ipm_err *err) {
    struct ipm_address itself = {.bytes = 0};
    int failed = ipm_inet_address(fd, &itself, err);
    if (failed)
        return failed;
    if (connect(fd, &itself.as.any, itself.bytes) == 0)
        return 0;
    return inet_refuse(inet, "reach", err);
}

int ipm_inet_probe(const struct ipm_inet *inet, size_t most_bytes,
                   size_t *ret_max_message_bytes, struct ipm_err *err) {
    int fd = -1;
    int failed = ipm_inet_open(inet, SOCK_DGRAM, 0, &fd, err);
    if (!failed)
        failed = inet_reach(inet, fd, err);
    ipm_fd_close(&fd);
    if (!failed)
        *ret_max_message_bytes = most_bytes;
    return failed;
}
