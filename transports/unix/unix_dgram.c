/* unix_dgram.c - Unix datagram sockets: the parent's at a path, each child's at an
 * abstract name, connected to the parent's before fork. With many children the parent
 * has one socket for all of them and distinguishes them by the name of the sender:
 * unix(7). */
#include "base/err.h"
#include "transports/common/fd.h"
#include "transports/common/private_dir.h"
#include "transports/unix/local.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* The number of a child is written as letters after the common part of the children's
 * names, which takes only a few instructions. */
enum { DGRAM_LETTERS = 5, DGRAM_LETTER_BITS = 4, DGRAM_LETTER_MASK = 15 };

struct dgram_names {
    struct sockaddr_un base;
    socklen_t base_bytes;
    unsigned peers;
};

struct unix_dgram_link {
    int *fds; /* the parent's, then one per child */
    struct ipm_private_dir dir;
    struct dgram_names names;
};

struct unix_dgram_end {
    struct ipm_local_end local; /* first: local.h and batch.h cast to it */
    bool shared;                /* the parent's end for several children */
    struct dgram_names names;
};

static socklen_t dgram_name(const struct dgram_names *names, unsigned number,
                            struct sockaddr_un *ret_name) {
    *ret_name = names->base;
    char *letter = (char *)ret_name + names->base_bytes;
    for (int i = 0; i < DGRAM_LETTERS; i++, number >>= DGRAM_LETTER_BITS)
        letter[i] = (char)('a' + (number & DGRAM_LETTER_MASK));
    return names->base_bytes + DGRAM_LETTERS;
}

/* Whether a name is a child's. Another process may bind a similar name, but not one of
 * theirs. */
static bool dgram_is_client(const struct dgram_names *names,
                            const struct sockaddr_un *from, socklen_t bytes,
                            unsigned *ret_number) {
    if (bytes != names->base_bytes + DGRAM_LETTERS ||
        memcmp(from, &names->base, names->base_bytes) != 0)
        return false;
    const char *letter = (const char *)from + names->base_bytes;
    unsigned number = 0;
    for (int i = DGRAM_LETTERS; i-- > 0;) /* the length was checked */
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
        number = number << DGRAM_LETTER_BITS | (unsigned)(letter[i] - 'a');
    if (number < names->peers)
        *ret_number = number;
    return number < names->peers;
}

static void unix_dgram_close(struct ipm_link *link, enum ipm_side side) {
    struct unix_dgram_link *dgram = link->state;
    ipm_fd_list_free(&dgram->fds, dgram->names.peers + 1);
    ipm_private_dir_close(&dgram->dir, side);
}

static int dgram_open_client(struct unix_dgram_link *dgram, unsigned number,
                             size_t buffer_bytes, struct ipm_err *err) {
    struct sockaddr_un name;
    const socklen_t bytes = dgram_name(&dgram->names, number, &name);
    int *fd = &dgram->fds[1 + number];
    int failed = ipm_local_socket(SOCK_DGRAM, buffer_bytes, fd, err);
    if (failed)
        return failed;
    if (bind(*fd, (const struct sockaddr *)&name, bytes) != 0)
        return ipm_err_sys(err, -errno, "cannot bind an abstract name");
    return ipm_fd_connect_datagram(*fd, dgram->fds[0], err);
}

/* The parent's socket is connected only if there is a single child. */
static int unix_dgram_open(struct ipm_link *link, struct ipm_err *err) {
    struct unix_dgram_link *dgram = link->state;
    const size_t buffer_bytes = link->config.buffer_bytes;
    const unsigned peers = link->config.peers > 0 ? link->config.peers : 1;
    *dgram = (struct unix_dgram_link){.fds = ipm_fd_list_new(peers + 1, err),
                                      .names = {.peers = peers}};
    if (!dgram->fds)
        return -ENOMEM;
    int failed = ipm_local_name(&dgram->names.base, &dgram->names.base_bytes, err);
    if (!failed)
        failed = ipm_local_socket(SOCK_DGRAM, buffer_bytes, &dgram->fds[0], err);
    if (!failed)
        failed = ipm_private_dir_bind(&dgram->dir, dgram->fds[0], err);
    for (unsigned i = 0; i < peers && !failed; i++)
        failed = dgram_open_client(dgram, i, buffer_bytes, err);
    if (!failed && peers == 1)
        failed = ipm_fd_connect_datagram(dgram->fds[0], dgram->fds[1], err);
    if (failed)
        unix_dgram_close(link, IPM_PARENT);
    return failed;
}

static int unix_dgram_attach(struct ipm_endpoint *end, struct ipm_link *link,
                             struct ipm_err *err) {
    struct unix_dgram_link *dgram = link->state;
    struct unix_dgram_end *state = end->state;
    const bool parent = end->side == IPM_PARENT;
    if (parent)
        end->peer = 0;
    ipm_fd_give(end, ipm_fd_take(&dgram->fds[parent ? 0 : 1 + end->peer]));
    state->shared = parent && dgram->names.peers > 1;
    state->names = dgram->names;
    memcpy(state->local.notice, dgram->dir.notice, sizeof state->local.notice);
    return state->shared ? 0 : ipm_batch_attach(end, link->config.batch, err);
}

/* Ignores what other processes sent to the shared socket. */
static ssize_t dgram_recv_any(struct ipm_endpoint *end, void *buf, size_t cap) {
    const struct unix_dgram_end *state = end->state;
    for (;;) {
        struct sockaddr_un from;
        socklen_t bytes = sizeof from;
        ssize_t r =
            recvfrom(end->rx_fd, buf, cap, MSG_TRUNC, (struct sockaddr *)&from, &bytes);
        if (r < 0 || dgram_is_client(&state->names, &from, bytes, &end->peer))
            return r;
    }
}

static ssize_t unix_dgram_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    const struct unix_dgram_end *state = end->state;
    if (state->shared)
        return dgram_recv_any(end, buf, cap);
    return ipm_fd_recv_message(end, buf, cap);
}

static ssize_t dgram_send_to(struct ipm_endpoint *end, const void *buf, size_t len,
                             int flags) {
    const struct unix_dgram_end *state = end->state;
    struct sockaddr_un to;
    const socklen_t bytes = dgram_name(&state->names, end->peer, &to);
    return sendto(end->tx_fd, buf, len, flags | MSG_NOSIGNAL,
                  (const struct sockaddr *)&to, bytes);
}

static ssize_t unix_dgram_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    const struct unix_dgram_end *state = end->state;
    if (state->shared)
        return dgram_send_to(end, buf, len, 0);
    return ipm_fd_send(end, buf, len);
}

/* Sends an empty datagram as the mark, because the peer of a datagram socket does not
 * see a shutdown. A full queue does not accept it. */
static int unix_dgram_finish(struct ipm_endpoint *end) {
    const struct unix_dgram_end *state = end->state;
    if (state->shared)
        return ipm_fd_classify_mark(dgram_send_to(end, "", 0, MSG_DONTWAIT));
    return ipm_fd_finish_mark(end);
}

const struct ipm_transport ipm_transport_unix_dgram = {
    .name = "unix-dgram",
    .summary = "Unix datagram sockets, each connected",
    .addressing = "path; client abstract",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_MULTI | IPM_CAP_SHARED |
            IPM_CAP_POLLABLE | IPM_CAP_PLAIN,
    .link_size = sizeof(struct unix_dgram_link),
    .end_size = sizeof(struct unix_dgram_end),
    .limit = ipm_local_limit_dgram,
    .open = unix_dgram_open,
    .attach = unix_dgram_attach,
    .close = unix_dgram_close,
    .describe = ipm_local_describe_notice,
    .wire = ipm_no_wire,
    .send = unix_dgram_send,
    .recv = unix_dgram_recv,
    .send_batch = ipm_batch_send,
    .recv_batch = ipm_batch_recv,
    .finish = unix_dgram_finish,
    .detach = ipm_batch_detach,
};
