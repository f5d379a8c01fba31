/* unix.c - connected Unix sockets (unix(7)): streams at a path and at an abstract name,
 * and sequenced packets at a path. */
#include "base/err.h"
#include "transports/common/fd.h"
#include "transports/common/listen.h"
#include "transports/common/private_dir.h"
#include "transports/unix/local.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct unix_link {
    struct ipm_listen listen;   /* first: listen.h casts to it */
    struct ipm_private_dir dir; /* of a path */
};

/* The difference between the rows. */
struct unix_variant {
    struct ipm_listen_kind listen; /* first: listen.h casts to it */
    int type;
    bool is_abstract;
};

/* --- the link ----------------------------------------------------------------------- */

static int unix_make(const struct ipm_listen_kind *kind,
                     const struct ipm_link_config *config, int *ret_fd,
                     struct ipm_err *err) {
    const struct unix_variant *variant = (const struct unix_variant *)kind;
    return ipm_local_socket(variant->type, config->buffer_bytes, ret_fd, err);
}

/* Binds the listening socket. The child's socket stays unnamed. */
static int unix_name(struct ipm_link *link, enum ipm_side side, int fd,
                     struct ipm_err *err) {
    const struct unix_variant *variant = link->ops->variant;
    struct unix_link *local = link->state;
    struct sockaddr_un address;
    socklen_t bytes = 0;
    if (side == IPM_CHILD)
        return 0;
    if (!variant->is_abstract)
        return ipm_private_dir_bind(&local->dir, fd, err);
    int failed = ipm_local_name(&address, &bytes, err);
    if (!failed && bind(fd, (const struct sockaddr *)&address, bytes) != 0)
        failed = ipm_err_sys(err, -errno, "cannot bind an abstract name");
    return failed;
}

/* Sets ret_known if the process at the other end is `pid`, of this user. The credentials
 * of a server are those of the process that called listen, those of a client belong to
 * the process that called connect (unix(7)). Returns 0 or a negative errno. */
static int unix_check_peer(int fd, pid_t pid, bool *ret_known) {
    struct ucred peer = {0};
    socklen_t bytes = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) != 0)
        return -errno;
    *ret_known = peer.pid == pid && peer.uid == geteuid();
    return 0;
}

/* A child connects only to its parent. An accepted Unix socket inherits no buffer
 * sizes, so the parent sets them. */
static int unix_meet(const struct ipm_endpoint *end, const struct ipm_link *link,
                     struct ipm_err *err) {
    const struct ipm_listen *server = link->state;
    char name[IPM_FACT_TEXT_BYTES];
    bool known = false;
    if (end->side == IPM_PARENT)
        return ipm_fd_set_buffers(end->rx_fd, link->config.buffer_bytes, err);
    int failed = unix_check_peer(end->rx_fd, end->peer_pid, &known);
    if (failed)
        return ipm_err_sys(err, failed, "cannot read the credentials of the other end");
    if (known)
        return 0;
    ipm_local_show((const struct sockaddr_un *)&server->address, server->address_bytes,
                   name);
    return ipm_err_set(err, -EPERM, "another process listens at '%s'", name);
}

static int unix_open(struct ipm_link *link, struct ipm_err *err) {
    struct unix_link *local = link->state;
    local->dir = (struct ipm_private_dir){0};
    int failed = ipm_listen_open(link, err);
    if (failed)
        ipm_private_dir_close(&local->dir, IPM_PARENT);
    return failed;
}

static void unix_close(struct ipm_link *link, enum ipm_side side) {
    struct unix_link *local = link->state;
    ipm_listen_close(link, side);
    ipm_private_dir_close(&local->dir, side);
}

/* --- the ends ----------------------------------------------------------------------- */

static int unix_attach(struct ipm_endpoint *end, struct ipm_link *link,
                       struct ipm_err *err) {
    const struct unix_variant *variant = link->ops->variant;
    const struct unix_link *local = link->state;
    struct ipm_local_end *state = end->state;
    memcpy(state->notice, local->dir.notice, sizeof state->notice);
    int failed = ipm_listen_attach(end, link, err);
    return failed || variant->type == SOCK_STREAM
               ? failed
               : ipm_batch_attach(end, link->config.batch, err);
}

/* Any user may connect to an abstract name; only this user can connect to a path,
 * whose directory is private. A connection of another process is ignored. */
static int unix_abstract_accept(struct ipm_endpoint *end, const struct ipm_link *link) {
    if (ipm_listen_accept(end, link) != 0)
        return -1;
    bool known = false;
    if (unix_check_peer(end->rx_fd, end->peer_pid, &known) == 0 && known)
        return 0;
    errno = ECONNABORTED;
    return -1;
}

/* --- the rows ----------------------------------------------------------------------- */

#define UNIX_OPERATIONS                                                                  \
    .family = IPM_FAMILY_SOCKET, .direction = IPM_DUPLEX,                                \
    .link_size = sizeof(struct unix_link), .end_size = sizeof(struct ipm_local_end),     \
    .open = unix_open, .attach = unix_attach, .close = unix_close,                       \
    .describe = ipm_local_describe_notice, .wire = ipm_no_wire, .send = ipm_fd_send,     \
    .connect = ipm_listen_connect, .finish = ipm_fd_finish_shutdown

#define UNIX_CAPS                                                                        \
    (IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI | IPM_CAP_POLLABLE |           \
     IPM_CAP_PLAIN)

#define UNIX_LISTEN                                                                      \
    { .where = "a Unix socket", .make = unix_make, .name = unix_name, .meet = unix_meet }

static const struct unix_variant unix_path = {.listen = UNIX_LISTEN, .type = SOCK_STREAM};
static const struct unix_variant unix_abstract = {
    .listen = UNIX_LISTEN, .type = SOCK_STREAM, .is_abstract = true};
static const struct unix_variant unix_seqpacket = {.listen = UNIX_LISTEN,
                                                   .type = SOCK_SEQPACKET};

/* Also cleans up for all transports with private directories. */
static int unix_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    (void)err;
    ipm_private_dir_reclaim();
    *ret_max_message_bytes = SIZE_MAX;
    return 0;
}

const struct ipm_transport ipm_transport_unix = {
    .name = "unix",
    .summary = "Unix stream socket at a path",
    .addressing = "path; client unnamed",
    .caps = UNIX_CAPS,
    .probe = unix_probe,
    .recv = ipm_fd_recv,
    .accept = ipm_listen_accept,
    .detach = ipm_fd_detach,
    .variant = &unix_path,
    UNIX_OPERATIONS,
};

const struct ipm_transport ipm_transport_unix_abstract = {
    .name = "unix-abstract",
    .summary = "Unix stream socket at an abstract name",
    .addressing = "abstract; client unnamed",
    .caps = UNIX_CAPS,
    .recv = ipm_fd_recv,
    .accept = unix_abstract_accept,
    .detach = ipm_fd_detach,
    .variant = &unix_abstract,
    UNIX_OPERATIONS,
};

const struct ipm_transport ipm_transport_unix_seqpacket = {
    .name = "unix-seqpacket",
    .summary = "Unix sequenced-packet socket at a path",
    .addressing = "path; client unnamed",
    .caps = UNIX_CAPS | IPM_CAP_MESSAGES,
    .limit = ipm_local_limit_seqpacket,
    .recv = ipm_fd_recv_message,
    .send_batch = ipm_batch_send,
    .recv_batch = ipm_batch_recv,
    .accept = ipm_listen_accept,
    .detach = ipm_batch_detach,
    .variant = &unix_seqpacket,
    UNIX_OPERATIONS,
};
