/* listen.c - links whose parent listens and whose children connect. admission.h decides
 * which connections are those of children. */
#include "transports/common/listen.h"

#include "base/err.h"
#include "transports/common/fd.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>

/* Large enough that other processes that connect do not keep a child out of the queue. */
enum { LISTEN_BACKLOG = 128 };

static int listen_make(struct ipm_link *link, enum ipm_side side, int *ret_fd,
                       struct ipm_err *err) {
    const struct ipm_listen_kind *kind = link->ops->variant;
    int fd = -1;
    int failed = kind->make(kind, &link->config, &fd, err);
    if (!failed)
        failed = kind->name(link, side, fd, err);
    return ipm_fd_keep(fd, failed, ret_fd);
}

/* Checks the length of the queue, which the kernel silently limits to net.core.somaxconn.
 * TCP drops a connection that finds the queue full, and retries after a second or more.
 * tcp_get_info reports the length of a listening socket's queue. A kernel or an emulator that
 * returns less than that leaves it unknown. */
static int listen_check(int fd, unsigned peers, struct ipm_err *err) {
    struct tcp_info info = {0};
    socklen_t bytes = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &bytes) != 0 ||
        bytes < offsetof(struct tcp_info, tcpi_lost) || peers <= info.tcpi_sacked + 1)
        return 0;
    ipm_err_limit(err,
                  "net.core.somaxconn limits it: 'sysctl -w net.core.somaxconn=%u' "
                  "raises it",
                  LISTEN_BACKLOG + peers);
    return ipm_err_set(err, -ENOBUFS,
                       "%u clients connect together, and the queue of a listening socket "
                       "has room for %u",
                       peers, info.tcpi_sacked + 1);
}

static int listen_begin(struct ipm_link *link, unsigned peers, struct ipm_err *err) {
    const struct ipm_listen_kind *kind = link->ops->variant;
    struct ipm_listen *server = link->state;
    const int fd = server->listener;
    if (ipm_fd_unblock(fd) != 0 || listen(fd, LISTEN_BACKLOG + (int)peers) != 0)
        return ipm_err_sys(err, -errno, "cannot listen on %s", kind->where);
    if (getsockname(fd, (struct sockaddr *)&server->address, &server->address_bytes) != 0)
        return ipm_err_sys(err, -errno, "cannot read the address of a socket");
    return listen_check(fd, peers, err);
}

static void listen_shut(struct ipm_listen *server) {
    ipm_fd_close(&server->listener);
    ipm_admission_done(&server->admission);
}

int ipm_listen_open(struct ipm_link *link, struct ipm_err *err) {
    struct ipm_listen *server = link->state;
    const unsigned peers = link->config.peers > 0 ? link->config.peers : 1;
    *server = (struct ipm_listen){.address_bytes = sizeof server->address};
    int failed = listen_make(link, IPM_PARENT, &server->listener, err);
    if (failed)
        return failed;
    failed = listen_begin(link, peers, err);
    if (!failed)
        failed = ipm_admission_init(&server->admission, server->listener, peers, err);
    if (failed)
        listen_shut(server);
    return failed;
}

static int listen_meet(const struct ipm_endpoint *end, const struct ipm_link *link,
                       struct ipm_err *err) {
    const struct ipm_listen_kind *kind = link->ops->variant;
    return kind->meet ? kind->meet(end, link, err) : 0;
}

static int listen_admit(struct ipm_endpoint *end, const struct ipm_link *link,
                        struct ipm_err *err) {
    struct ipm_listen *server = link->state;
    int fd = -1;
    int failed = ipm_admission_admit(&server->admission, link->config.timeout_ms, &fd,
                                     &end->peer, err);
    ipm_fd_give(end, fd);
    return failed ? failed : listen_meet(end, link, err);
}

static int listen_join(struct ipm_endpoint *end, struct ipm_link *link,
                       struct ipm_err *err) {
    const struct ipm_listen *server = link->state;
    int fd = -1;
    int failed = listen_make(link, IPM_CHILD, &fd, err);
    if (failed)
        return failed;
    ipm_fd_give(end, fd);
    failed = ipm_fd_connect(fd, (const struct sockaddr *)&server->address,
                            server->address_bytes, link->config.timeout_ms, err);
    if (!failed)
        failed = listen_meet(end, link, err);
    return failed ? failed
                  : ipm_admission_present(&server->admission, fd, end->peer, err);
}

int ipm_listen_attach(struct ipm_endpoint *end, struct ipm_link *link,
                      struct ipm_err *err) {
    return end->side == IPM_PARENT ? listen_admit(end, link, err)
                                   : listen_join(end, link, err);
}

void ipm_listen_close(struct ipm_link *link, enum ipm_side side) {
    (void)side;
    listen_shut(link->state);
}

/* Connects as a program that sends one message does: without a name of its own and
 * without a timeout. */
int ipm_listen_connect(struct ipm_endpoint *end, const struct ipm_link *link) {
    const struct ipm_listen_kind *kind = link->ops->variant;
    const struct ipm_listen *server = link->state;
    struct ipm_err err = {0};
    int fd = -1;
    int failed = kind->make(kind, &link->config, &fd, &err);
    errno = -failed;
    ipm_fd_give(end, fd);
    return failed ? -1
                  : connect(fd, (const struct sockaddr *)&server->address,
                            server->address_bytes);
}

int ipm_listen_accept(struct ipm_endpoint *end, const struct ipm_link *link) {
    struct ipm_listen *server = link->state;
    if (!server->blocks && ipm_fd_block(server->listener) != 0)
        return -1;
    server->blocks = true;
    ipm_fd_give(end, accept4(server->listener, NULL, NULL, SOCK_CLOEXEC));
    return end->rx_fd < 0 ? -1 : 0;
}
