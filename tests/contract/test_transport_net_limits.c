/* test_transport_net_limits.c - settings of a network namespace that keep clients out: the limit is
 * named, with how to raise it. */
#include "base/err.h"
#include "pair.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIMITS_CLIENTS = 60 };

/* A namespace of its own, with one setting changed. Skips where that is refused. */
static void limits_set(const char *path, const char *value) {
    struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    const bool apart =
        unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
    const int socket_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int fd = open(path, O_WRONLY | O_CLOEXEC);
    const ssize_t bytes = (ssize_t)strlen(value);
    if (!apart || ioctl(socket_fd, SIOCSIFFLAGS, &lo) != 0 ||
        write(fd, value, (size_t)bytes) != bytes)
        cr_skip_test("a network namespace is refused here");
    (void)close(socket_fd);
    (void)close(fd);
}

static void limits_expect(const char *name, unsigned peers, int code, const char *limit) {
    const struct ipm_transport *ops = ipm_transport_find(name);
    struct ipm_err err = {0};
    struct ipm_link link = {.ops = ops,
                            .config = {.peers = peers, .message_bytes = 64},
                            .state = calloc(1, ops->link_size)};
    cr_expect_eq(ops->open(&link, &err), code, "%s: %s", name, err.text);
    cr_expect_eq(err.is_limit != 0, code != 0, "%s", name);
    cr_expect_not_null(strstr(err.hint, limit), "%s: %s", name, err.hint);
    if (code == 0)
        ops->close(&link, IPM_PARENT);
    free(link.state);
}

Test(transport_net_limits, of_ports_are_named) {
    limits_set("/proc/sys/net/ipv4/ip_local_port_range", "40000 40020");
    limits_expect("udp", LIMITS_CLIENTS, -EADDRINUSE, "net.ipv4.ip_local_port_range");
    limits_expect("udp", 2, 0, "");
}

Test(transport_net_limits, of_the_queue_of_a_listening_socket_are_named) {
    limits_set("/proc/sys/net/core/somaxconn", "8");
    limits_expect("tcp", LIMITS_CLIENTS, -ENOBUFS, "net.core.somaxconn=");
    limits_expect("tcp", 8, 0, "");
    limits_expect("unix", LIMITS_CLIENTS, 0, "");
}
