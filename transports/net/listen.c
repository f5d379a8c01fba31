/* listen.c - the parent listens on the loopback, its children connect. Knows no family of
 * sockets, and nothing of those who knock: common/admission.h lets only children in. */
#include "transports/net/listen.h"

#include "base/err.h"
#include "transports/common/fd.h"

#include <errno.h>

enum {
    LISTEN_BACKLOG = 128
}; /* strangers in the queue must not keep a child out of it */

static int listen_make(const struct ipm_listen_kind *kind,
                       const struct ipm_link_config *config, int *ret_fd,
                       struct ipm_err *err) {
    int fd = -1;
    int failed = kind->make(config, &fd, err);
    if (!failed)
        failed = kind->name(fd, err);
    if (failed)
        ipm_fd_close(&fd);
    else
        *ret_fd = fd;
    return failed;
}

static int listen_begin(const struct ipm_listen *server, unsigned peers,
                        struct ipm_err *err) {
    const int fd = server->listener;
    if (ipm_fd_unblock(fd) == 0 && listen(fd, LISTEN_BACKLOG + (int)peers) == 0)
        return 0;
    return ipm_err_sys(err, -errno, "cannot listen on %s", server->kind->place);
}

static void listen_shut(struct ipm_listen *server) {
    ipm_fd_close(&server->listener);
    ipm_admission_done(&server->gate);
}

int ipm_listen_open(struct ipm_link *link, const struct ipm_listen_kind *kind,
                    struct ipm_err *err) {
    struct ipm_listen *server = link->state;
    const unsigned peers = link->config.peers > 0 ? link->config.peers : 1;
    server->kind = kind;
    int failed = listen_make(kind, &link->config, &server->listener, err);
    if (failed)
        return failed;
    failed = listen_begin(server, peers, err);
    if (!failed)
        failed = ipm_inet_address(server->listener, &server->address, err);
    if (!failed)
        failed = ipm_admission_init(&server->gate, server->listener, peers, err);
    if (failed)
        listen_shut(server);
    return failed;
}

static int listen_accept(struct ipm_endpoint *end, const struct ipm_link *link,
                         struct ipm_err *err) {
    struct ipm_listen *server = link->state;
    int fd = -1;
    int failed =
        ipm_admission_admit(&server->gate, link->config.timeout_ms, &fd, &end->peer, err);
    ipm_fd_give(end, fd);
    return failed;
}

static int listen_connect(struct ipm_endpoint *end, const struct ipm_link *link,
                          struct ipm_err *err) {
    const struct ipm_listen *server = link->state;
    int fd = -1;
    int failed = listen_make(server->kind, &link->config, &fd, err);
    if (failed)
        return failed;
    ipm_fd_give(end, fd);
    failed = ipm_fd_connect(fd, &server->address.as.any, server->address.bytes,
                            link->config.timeout_ms, err);
    return failed ? failed : ipm_admission_present(&server->gate, fd, end->peer, err);
}

int ipm_listen_attach(struct ipm_endpoint *end, struct ipm_link *link,
                      struct ipm_err *err) {
    return end->side == IPM_PARENT ? listen_accept(end, link, err)
                                   : listen_connect(end, link, err);
}

void ipm_listen_close(struct ipm_link *link, enum ipm_side side) {
    (void)side;
    listen_shut(link->state);
}

/* What a program does that has one thing to say: no name of its own, no timeout. */
int ipm_listen_connect(struct ipm_endpoint *end, const struct ipm_link *link) {
    const struct ipm_listen *server = link->state;
    struct ipm_err err = {0};
    int fd = -1;
    int failed = server->kind->make(&link->config, &fd, &err);
    errno = -failed;
    ipm_fd_give(end, fd);
    return failed ? -1 : connect(fd, &server->address.as.any, server->address.bytes);
}

int ipm_listen_accept(struct ipm_endpoint *end, const struct ipm_link *link) {
    struct ipm_listen *server = link->state;
    if (!server->answers &&
        ipm_fd_block(server->listener, IPM_LISTEN_ANSWER_WAIT_MS) != 0)
        return -1;
    server->answers = true;
    ipm_fd_give(end, accept4(server->listener, NULL, NULL, SOCK_CLOEXEC));
    return end->rx_fd < 0 ? -1 : 0;
}
