/* inet.c - sockets on 127.0.0.1, for tcp and udp. Knows neither of them. */
#include "transports/inet.h"

#include "base/err.h"
#include "base/facts.h"
#include "transports/fd.h"

#include <arpa/inet.h>
#include <errno.h>

static int inet_bind(int fd, struct ipm_err *err) {
    const struct sockaddr_in any_port = {.sin_family = AF_INET,
                                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(fd, (const struct sockaddr *)&any_port, sizeof any_port) == 0)
        return 0;
    if (errno == EADDRNOTAVAIL)
        return ipm_err_sys(err, -errno, "no IPv4 loopback: cannot bind to 127.0.0.1");
    return ipm_err_sys(err, -errno, "cannot bind to 127.0.0.1");
}

static int inet_socket(int type, int *ret_fd, struct ipm_err *err) {
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    if (fd < 0 && errno == EAFNOSUPPORT)
        return ipm_err_sys(err, -errno, "no IPv4 loopback: cannot make a socket");
    if (fd < 0)
        return ipm_err_sys(err, -errno, "cannot make a socket");
    *ret_fd = fd;
    return 0;
}

int ipm_inet_open(int type, size_t buffer_bytes, int *ret_fd, struct ipm_err *err) {
    int fd = -1;
    int failed = inet_socket(type, &fd, err);
    if (!failed)
        failed = ipm_fd_set_buffers(fd, buffer_bytes, err);
    if (!failed)
        failed = inet_bind(fd, err);
    if (failed)
        ipm_fd_close(&fd);
    else
        *ret_fd = fd;
    return failed;
}

int ipm_inet_address(int fd, struct sockaddr_in *ret_address, struct ipm_err *err) {
    struct sockaddr_in address = {0};
    socklen_t bytes = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &bytes) != 0)
        return ipm_err_sys(err, -errno, "cannot tell the address of a socket");
    *ret_address = address;
    return 0;
}

static void inet_describe(const struct sockaddr_in *name, const char *address_key,
                          const char *port_key, struct ipm_facts *endpoint) {
    char text[INET_ADDRSTRLEN] = "";
    if (inet_ntop(AF_INET, &name->sin_addr, text, sizeof text))
        ipm_facts_text(endpoint, address_key, text);
    ipm_facts_number(endpoint, port_key, ntohs(name->sin_port));
}

void ipm_inet_describe(int fd, struct ipm_facts *endpoint) {
    struct sockaddr_in name = {0};
    socklen_t bytes = sizeof name;
    if (getsockname(fd, (struct sockaddr *)&name, &bytes) == 0)
        inet_describe(&name, "local_address", "local_port", endpoint);
    bytes = sizeof name;
    if (getpeername(fd, (struct sockaddr *)&name, &bytes) == 0)
        inet_describe(&name, "peer_address", "peer_port", endpoint);
}

/* An address can be bound to while its interface is down, but there is no route to it.
 * connect(2) on a datagram socket looks for one and sends nothing. */
static int inet_reach(int fd, struct ipm_err *err) {
    struct sockaddr_in itself = {0};
    int failed = ipm_inet_address(fd, &itself, err);
    if (failed)
        return failed;
    if (connect(fd, (const struct sockaddr *)&itself, sizeof itself) == 0)
        return 0;
    return ipm_err_sys(err, -errno, "no IPv4 loopback: cannot reach 127.0.0.1");
}

int ipm_inet_probe(struct ipm_err *err) {
    int fd = -1;
    int failed = ipm_inet_open(SOCK_DGRAM, 0, &fd, err);
    if (!failed)
        failed = inet_reach(fd, err);
    ipm_fd_close(&fd);
    return failed;
}
