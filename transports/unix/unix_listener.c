/* unix_listener.c - one who listens at a Unix name, and those who come to it: unix(7). Knows
 * nothing of where paths can be: that is common/private_dir.h; and of many children nothing but that
 * common/admission.h tells them apart. */
#include "transports/unix/unix_listener.h"

#include "base/err.h"
#include "transports/common/fd.h"
#include "transports/unix/local.h"

#include <errno.h>
#include <unistd.h>

enum { LISTENER_BACKLOG = 16, LISTENER_ANSWER_WAIT_MS = 50 };

static void listener_shut(struct ipm_unix_listener *local) {
    ipm_fd_close(&local->listener);
    ipm_private_dir_remove(&local->place);
    ipm_admission_done(&local->gate);
}

static int listener_bind_path(struct ipm_unix_listener *local, struct ipm_err *err) {
    int failed = ipm_private_dir_bind(&local->place, local->listener, err);
    local->address = local->place.address;
    local->address_bytes = sizeof local->address;
    return failed;
}

static int listener_bind_abstract(struct ipm_unix_listener *local, struct ipm_err *err) {
    int failed = ipm_local_name(&local->address, &local->address_bytes, err);
    local->is_abstract = true;
    if (!failed && bind(local->listener, (const struct sockaddr *)&local->address,
                        local->address_bytes) != 0)
        failed = ipm_err_sys(err, -errno, "cannot bind an abstract name");
    return failed;
}

static int listener_listen(const struct ipm_unix_listener *local, unsigned peers,
                           struct ipm_err *err) {
    char name[IPM_FACT_TEXT_BYTES];
    if (ipm_fd_unblock(local->listener) == 0 &&
        listen(local->listener, LISTENER_BACKLOG + (int)peers) == 0)
        return 0;
    const int failed = -errno;
    ipm_local_show(&local->address, local->address_bytes, name);
    return ipm_err_sys(err, failed, "cannot listen at '%s'", name);
}

static int listener_open(struct ipm_link *link, int type,
                         int (*name)(struct ipm_unix_listener *, struct ipm_err *),
                         struct ipm_err *err) {
    struct ipm_unix_listener *local = link->state;
    const unsigned peers = link->config.peers;
    *local = (struct ipm_unix_listener){.type = type, .listener = -1};
    int failed = ipm_local_socket(type, 0, &local->listener, err);
    if (!failed)
        failed = name(local, err);
    if (!failed)
        failed = listener_listen(local, peers, err);
    if (!failed && peers > 1)
        failed = ipm_admission_init(&local->gate, local->listener, peers, err);
    if (failed)
        listener_shut(local);
    return failed;
}

int ipm_unix_listener_open_path(struct ipm_link *link, int type, struct ipm_err *err) {
    return listener_open(link, type, listener_bind_path, err);
}

int ipm_unix_listener_open_abstract(struct ipm_link *link, int type,
                                    struct ipm_err *err) {
    return listener_open(link, type, listener_bind_abstract, err);
}

/* The child's copy of the name is not its own to remove. */
void ipm_unix_listener_close(struct ipm_link *link, enum ipm_side side) {
    struct ipm_unix_listener *local = link->state;
    ipm_fd_close(&local->listener);
    ipm_admission_done(&local->gate);
    if (side == IPM_PARENT)
        ipm_private_dir_remove(&local->place);
}

/* The credentials are those of whoever called listen, for the client, and connect, for the
 * server (unix(7)). Returns 0 or a negative errno. */
static int listener_peer(int fd, struct ucred *ret_peer, struct ipm_err *err) {
    socklen_t bytes = sizeof *ret_peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ret_peer, &bytes) == 0)
        return 0;
    return ipm_err_sys(err, -errno, "cannot tell who is at the other end");
}

static int listener_check_peer(int fd, pid_t pid, bool *ret_known, struct ipm_err *err) {
    struct ucred peer = {0};
    int failed = listener_peer(fd, &peer, err);
    *ret_known = !failed && peer.pid == pid && peer.uid == geteuid();
    return failed;
}

/* One look for the child, in *ret_fd when it came; a stranger is turned away. */
static int listener_look(int listener, pid_t child, unsigned *left_ms, int *ret_fd,
                         struct ipm_err *err) {
    struct pollfd knock = {.fd = listener, .events = POLLIN};
    int ready = ipm_fd_wait(&knock, 1, left_ms);
    if (ready < 0)
        return ipm_err_sys(err, ready, "cannot wait for the child");
    int fd = ready > 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
    if (ready > 0 && fd < 0 && errno != EAGAIN && errno != ECONNABORTED)
        return ipm_err_sys(err, -errno, "cannot accept the child");
    bool known = false;
    int failed = fd < 0 ? 0 : listener_check_peer(fd, child, &known, err);
    if (!known)
        ipm_fd_close(&fd);
    *ret_fd = fd;
    return failed;
}

/* The only child. */
static int listener_accept_one(struct ipm_endpoint *end, const struct ipm_link *link,
                               int *ret_fd, struct ipm_err *err) {
    const struct ipm_unix_listener *local = link->state;
    unsigned left_ms = link->config.timeout_ms;
    int failed = 0;
    end->peer = 0;
    while (!failed && *ret_fd < 0 && left_ms > 0)
        failed = listener_look(local->listener, end->peer_pid, &left_ms, ret_fd, err);
    if (!failed && *ret_fd < 0)
        failed = ipm_err_set(err, -ETIMEDOUT, "the child did not connect within %u ms",
                             link->config.timeout_ms);
    return failed;
}

/* An accepted Unix socket inherits no buffer sizes: it is asked again. */
static int listener_accept(struct ipm_endpoint *end, const struct ipm_link *link,
                           struct ipm_err *err) {
    struct ipm_unix_listener *local = link->state;
    int fd = -1;
    int failed = link->config.peers <= 1
                     ? listener_accept_one(end, link, &fd, err)
                     : ipm_admission_admit(&local->gate, link->config.timeout_ms, &fd,
                                           &end->peer, err);
    ipm_fd_give(end, fd);
    return failed ? failed : ipm_fd_set_buffers(fd, link->config.buffer_bytes, err);
}

static int listener_refuse_other(const struct ipm_unix_listener *local,
                                 struct ipm_err *err) {
    char name[IPM_FACT_TEXT_BYTES];
    ipm_local_show(&local->address, local->address_bytes, name);
    return ipm_err_set(err, -EPERM, "a stranger listens at '%s'", name);
}

static int listener_connect(struct ipm_endpoint *end, const struct ipm_link *link,
                            struct ipm_err *err) {
    const struct ipm_unix_listener *local = link->state;
    int fd = -1;
    int failed = ipm_local_socket(local->type, link->config.buffer_bytes, &fd, err);
    if (failed)
        return failed;
    ipm_fd_give(end, fd);
    failed = ipm_fd_connect(fd, (const struct sockaddr *)&local->address,
                            local->address_bytes, link->config.timeout_ms, err);
    bool known = false;
    if (!failed)
        failed = listener_check_peer(fd, end->peer_pid, &known, err);
    if (!failed && !known)
        failed = listener_refuse_other(local, err);
    if (!failed && link->config.peers > 1)
        failed = ipm_admission_present(&local->gate, fd, end->peer, err);
    return failed;
}

int ipm_unix_listener_attach(struct ipm_endpoint *end, struct ipm_link *link,
                             struct ipm_err *err) {
    return end->side == IPM_PARENT ? listener_accept(end, link, err)
                                   : listener_connect(end, link, err);
}

int ipm_unix_listener_connect(struct ipm_endpoint *end, const struct ipm_link *link) {
    const struct ipm_unix_listener *local = link->state;
    struct ipm_err err = {0};
    int fd = -1;
    int failed = ipm_local_socket(local->type, link->config.buffer_bytes, &fd, &err);
    errno = -failed;
    ipm_fd_give(end, fd);
    return failed ? -1
                  : connect(fd, (const struct sockaddr *)&local->address,
                            local->address_bytes);
}

/* Whoever a file's mode does not keep out is asked who he is: a stranger counts as nobody. */
static int listener_check_client(struct ipm_endpoint *end) {
    struct ucred peer = {0};
    struct ipm_err err = {0};
    if (listener_peer(end->rx_fd, &peer, &err) == 0 && peer.pid == end->peer_pid)
        return 0;
    errno = EAGAIN;
    return -1;
}

/* Who may come as far as a path is of the same user: nobody else opens its directory. */
int ipm_unix_listener_accept(struct ipm_endpoint *end, const struct ipm_link *link) {
    struct ipm_unix_listener *local = link->state;
    if (!local->answers && ipm_fd_block(local->listener, LISTENER_ANSWER_WAIT_MS) != 0)
        return -1;
    local->answers = true;
    ipm_fd_give(end, accept4(local->listener, NULL, NULL, SOCK_CLOEXEC));
    if (end->rx_fd < 0)
        return -1;
    return local->is_abstract ? listener_check_client(end) : 0;
}
