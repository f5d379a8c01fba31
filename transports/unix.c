/* unix.c - stream sockets at a path: unix(7). Knows nothing of where paths can be: that is
 * place.h; and of many children nothing but that gate.h tells them apart. */
#include "base/err.h"
#include "base/facts.h"
#include "transports/fd.h"
#include "transports/gate.h"
#include "transports/place.h"

#include <errno.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

enum { UNIX_BACKLOG = 16, UNIX_ANSWER_WAIT_MS = 50 };

struct unix_link {
    int listener;
    bool answers; /* the child is in, so the listener waits */
    struct ipm_place place;
    struct ipm_gate gate; /* of several children; a single one is known by its pid */
};

struct unix_end {
    char notice[IPM_FACT_TEXT_BYTES];
};

static int unix_socket(size_t buffer_bytes, int *ret_fd, struct ipm_err *err) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return ipm_err_sys(err, -errno, "cannot make a Unix socket");
    int failed = ipm_fd_set_buffers(fd, buffer_bytes, err);
    if (failed)
        ipm_fd_close(&fd);
    else
        *ret_fd = fd;
    return failed;
}

static void unix_shut(struct unix_link *server) {
    ipm_fd_close(&server->listener);
    ipm_place_remove(&server->place);
    ipm_gate_done(&server->gate);
}

static int unix_listen(struct unix_link *server, unsigned peers, struct ipm_err *err) {
    server->listener = -1;
    int failed = unix_socket(0, &server->listener, err);
    if (!failed)
        failed = ipm_place_bind(&server->place, server->listener, err);
    if (!failed && (ipm_fd_unblock(server->listener) != 0 ||
                    listen(server->listener, UNIX_BACKLOG + (int)peers) != 0))
        failed = ipm_err_sys(err, -errno, "cannot listen at '%s'",
                             server->place.address.sun_path);
    if (failed)
        unix_shut(server);
    return failed;
}

static int unix_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    struct unix_link trial = {.listener = -1};
    int failed = unix_listen(&trial, 1, err);
    if (failed)
        return failed;
    unix_shut(&trial);
    *ret_max_message_bytes = SIZE_MAX;
    return 0;
}

static int unix_open(struct ipm_link *link, struct ipm_err *err) {
    struct unix_link *server = link->state;
    int failed = unix_listen(server, link->config.peers, err);
    if (failed || link->config.peers <= 1)
        return failed;
    failed = ipm_gate_init(&server->gate, server->listener, link->config.peers, err);
    if (failed)
        unix_shut(server);
    return failed;
}

/* The credentials are those of whoever called listen, for the client, and connect, for the
 * server (unix(7)). Returns 0 or a negative errno. */
static int unix_check_peer(int fd, pid_t pid, bool *ret_known, struct ipm_err *err) {
    struct ucred peer = {0};
    socklen_t bytes = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) != 0)
        return ipm_err_sys(err, -errno, "cannot tell who is at the other end");
    *ret_known = peer.pid == pid && peer.uid == geteuid();
    return 0;
}

/* One look for the child, in *ret_fd when it came; a stranger is turned away. */
static int unix_look(int listener, pid_t child, unsigned *left_ms, int *ret_fd,
                     struct ipm_err *err) {
    struct pollfd knock = {.fd = listener, .events = POLLIN};
    int ready = ipm_fd_wait(&knock, 1, left_ms);
    if (ready < 0)
        return ipm_err_sys(err, ready, "cannot wait for the child");
    int fd = ready > 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
    if (ready > 0 && fd < 0 && errno != EAGAIN && errno != ECONNABORTED)
        return ipm_err_sys(err, -errno, "cannot accept the child");
    bool known = false;
    int failed = fd < 0 ? 0 : unix_check_peer(fd, child, &known, err);
    if (!known)
        ipm_fd_close(&fd);
    *ret_fd = fd;
    return failed;
}

/* The only child. */
static int unix_accept_one(struct ipm_end *end, const struct ipm_link *link, int *ret_fd,
                           struct ipm_err *err) {
    const struct unix_link *server = link->state;
    unsigned left_ms = link->config.timeout_ms;
    int failed = 0;
    end->peer = 0;
    while (!failed && *ret_fd < 0 && left_ms > 0)
        failed = unix_look(server->listener, end->peer_pid, &left_ms, ret_fd, err);
    if (!failed && *ret_fd < 0)
        failed = ipm_err_set(err, -ETIMEDOUT, "the child did not connect within %u ms",
                             link->config.timeout_ms);
    return failed;
}

/* An accepted Unix socket inherits no buffer sizes: it is asked again. */
static int unix_accept(struct ipm_end *end, const struct ipm_link *link,
                       struct ipm_err *err) {
    struct unix_link *server = link->state;
    int fd = -1;
    int failed = link->config.peers <= 1
                     ? unix_accept_one(end, link, &fd, err)
                     : ipm_gate_admit(&server->gate, link->config.timeout_ms, &fd,
                                      &end->peer, err);
    ipm_fd_give(end, fd);
    return failed ? failed : ipm_fd_set_buffers(fd, link->config.buffer_bytes, err);
}

static int unix_connect(struct ipm_end *end, const struct ipm_link *link,
                        struct ipm_err *err) {
    const struct unix_link *server = link->state;
    const struct sockaddr_un *address = &server->place.address;
    int fd = -1;
    int failed = unix_socket(link->config.buffer_bytes, &fd, err);
    if (failed)
        return failed;
    ipm_fd_give(end, fd);
    failed = ipm_fd_connect(fd, (const struct sockaddr *)address, sizeof *address,
                            link->config.timeout_ms, err);
    bool known = false;
    if (!failed)
        failed = unix_check_peer(fd, end->peer_pid, &known, err);
    if (!failed && !known)
        failed =
            ipm_err_set(err, -EPERM, "a stranger listens at '%s'", address->sun_path);
    if (!failed && link->config.peers > 1)
        failed = ipm_gate_present(&server->gate, fd, end->peer, err);
    return failed;
}

static int unix_attach(struct ipm_end *end, struct ipm_link *link, struct ipm_err *err) {
    const struct unix_link *server = link->state;
    struct unix_end *state = end->state;
    memcpy(state->notice, server->place.notice, sizeof state->notice);
    return end->side == IPM_PARENT ? unix_accept(end, link, err)
                                   : unix_connect(end, link, err);
}

/* The child's copy of the name is not its own to remove. */
static void unix_close(struct ipm_link *link, enum ipm_side side) {
    struct unix_link *server = link->state;
    ipm_fd_close(&server->listener);
    ipm_gate_done(&server->gate);
    if (side == IPM_PARENT)
        ipm_place_remove(&server->place);
}

/* An unnamed socket has no path at all, and a name keeps its path when it is unlinked. */
static void unix_describe_path(int fd,
                               int (*name_of)(int, struct sockaddr *, socklen_t *),
                               const char *key, struct ipm_facts *endpoint) {
    struct sockaddr_un name = {0};
    socklen_t bytes = sizeof name - 1;
    if (name_of(fd, (struct sockaddr *)&name, &bytes) == 0)
        ipm_facts_text(endpoint, key, name.sun_path);
}

static void unix_describe(const struct ipm_end *end, struct ipm_facts *endpoint,
                          struct ipm_facts *settings) {
    const struct unix_end *state = end->state;
    unix_describe_path(end->rx_fd, getsockname, "local_path", endpoint);
    unix_describe_path(end->rx_fd, getpeername, "peer_path", endpoint);
    ipm_fd_describe_buffers(end->rx_fd, settings);
    if (state->notice[0] != '\0')
        ipm_facts_text(settings, "notice", state->notice);
}

static int unix_dial(struct ipm_end *end, const struct ipm_link *link) {
    const struct sockaddr_un *server = &((struct unix_link *)link->state)->place.address;
    struct ipm_err err = {0};
    int fd = -1;
    int failed = unix_socket(link->config.buffer_bytes, &fd, &err);
    errno = -failed;
    ipm_fd_give(end, fd);
    return failed ? -1 : connect(fd, (const struct sockaddr *)server, sizeof *server);
}

/* Who may come as far as the path is of the same user: nobody else opens its directory. */
static int unix_answer(struct ipm_end *end, const struct ipm_link *link) {
    struct unix_link *server = link->state;
    if (!server->answers && ipm_fd_block(server->listener, UNIX_ANSWER_WAIT_MS) != 0)
        return -1;
    server->answers = true;
    ipm_fd_give(end, accept4(server->listener, NULL, NULL, SOCK_CLOEXEC));
    return end->rx_fd < 0 ? -1 : 0;
}

const struct ipm_transport ipm_transport_unix = {
    .name = "unix",
    .summary = "Unix stream socket at a path",
    .addressing = "path; client unnamed",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI | IPM_CAP_POLLABLE |
            IPM_CAP_PLAIN,
    .link_size = sizeof(struct unix_link),
    .end_size = sizeof(struct unix_end),
    .probe = unix_probe,
    .open = unix_open,
    .attach = unix_attach,
    .close = unix_close,
    .describe = unix_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_send,
    .recv = ipm_fd_recv,
    .dial = unix_dial,
    .answer = unix_answer,
    .finish = ipm_fd_finish_shutdown,
    .detach = ipm_fd_detach,
};
