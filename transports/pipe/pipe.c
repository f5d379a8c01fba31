/* pipe.c - pipe(7): one between parent and child, and a pair of them, one each way; and what
 * other transports over pipes share. All are made before fork. */
#include "transports/pipe/pipe.h"

#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

enum { PIPE_LEAST_BYTES = 4096 };

/* The descriptors of one child, for the pipe to it and the pipe from it. */
enum { PIPE_DOWN_RX, PIPE_DOWN_TX, PIPE_UP_RX, PIPE_UP_TX, PIPE_LANE };

void ipm_pipe_shut(struct ipm_pipe *pipe) {
    ipm_fd_close(&pipe->rx_fd);
    ipm_fd_close(&pipe->tx_fd);
}

/* The argument of F_SETPIPE_SZ is an int. A user who asks for more than
 * /proc/sys/fs/pipe-max-size is refused, where a socket would get the maximum: then a
 * half is tried, and so on. `describe` shows the result. */
int ipm_pipe_set_capacity(int fd, size_t bytes, struct ipm_err *err) {
    int asked = bytes > INT_MAX ? INT_MAX : (int)bytes;
    if (asked == 0)
        return 0;
    while (fcntl(fd, F_SETPIPE_SZ, asked) < 0) {
        if (errno != EPERM || asked <= PIPE_LEAST_BYTES)
            return ipm_err_sys(err, -errno, "cannot give a pipe %zu bytes", bytes);
        asked /= 2;
    }
    return 0;
}

/* pipe(7) */
static int pipe_refused(int failed, struct ipm_err *err) {
    (void)ipm_err_sys(err, failed, "cannot make a pipe");
    if (failed == -ENFILE)
        ipm_err_hint(err, "'sysctl -w fs.pipe-user-pages-hard=PAGES' allows a user more "
                          "pipes, and fs.file-max all users more open files");
    else if (failed == -EMFILE)
        ipm_err_hint(err, "'ulimit -n NUMBER' allows more descriptors");
    return failed;
}

int ipm_pipe_make(struct ipm_pipe *ret_pipe, size_t buffer_bytes, struct ipm_err *err) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return pipe_refused(-errno, err);
    struct ipm_pipe made = {.rx_fd = fds[0], .tx_fd = fds[1]};
    int failed = ipm_pipe_set_capacity(made.tx_fd, buffer_bytes, err);
    if (failed)
        ipm_pipe_shut(&made);
    else
        *ret_pipe = made;
    return failed;
}

static void pipe_describe_capacity(int fd, struct ipm_facts *settings) {
    int bytes = fcntl(fd, F_GETPIPE_SZ);
    if (bytes >= 0)
        ipm_facts_number(settings, "pipe_capacity_bytes", bytes);
}

static unsigned pipe_peers(const struct ipm_link *link) {
    return link->config.peers > 0 ? link->config.peers : 1;
}

void ipm_pipe_close(struct ipm_link *link, enum ipm_side side) {
    struct ipm_pipe_link *pipes = link->state;
    (void)side;
    ipm_fd_list_free(&pipes->fds, PIPE_LANE * pipe_peers(link));
}

static int pipe_make_lane(int *fds, bool down, bool up, size_t buffer_bytes,
                          struct ipm_err *err) {
    struct ipm_pipe made = {.rx_fd = -1, .tx_fd = -1};
    int failed = down ? ipm_pipe_make(&made, buffer_bytes, err) : 0;
    fds[PIPE_DOWN_RX] = made.rx_fd;
    fds[PIPE_DOWN_TX] = made.tx_fd;
    made = (struct ipm_pipe){.rx_fd = -1, .tx_fd = -1};
    if (!failed && up)
        failed = ipm_pipe_make(&made, buffer_bytes, err);
    fds[PIPE_UP_RX] = made.rx_fd;
    fds[PIPE_UP_TX] = made.tx_fd;
    return failed;
}

/* From the parent (down), to it (up), or both. On error nothing is left. */
static int pipe_make_all(struct ipm_link *link, bool down, bool up, struct ipm_err *err) {
    struct ipm_pipe_link *pipes = link->state;
    const unsigned peers = pipe_peers(link);
    int failed = 0;
    pipes->fds = ipm_fd_list_new(PIPE_LANE * peers, err);
    if (!pipes->fds)
        return -ENOMEM;
    for (unsigned i = 0; i < peers && !failed; i++)
        failed = pipe_make_lane(&pipes->fds[(size_t)PIPE_LANE * i], down, up,
                                link->config.buffer_bytes, err);
    if (failed)
        ipm_pipe_close(link, IPM_PARENT);
    return failed;
}

int ipm_pipe_open(struct ipm_link *link, struct ipm_err *err) {
    const bool up = link->config.flow == IPM_TO_PARENT;
    return pipe_make_all(link, !up, up, err);
}

int ipm_pipe_attach(struct ipm_endpoint *end, struct ipm_link *link,
                    struct ipm_err *err) {
    struct ipm_pipe_link *pipes = link->state;
    const bool parent = end->side == IPM_PARENT;
    (void)err;
    if (parent)
        end->peer = pipes->next++;
    int *fds = &pipes->fds[(size_t)PIPE_LANE * end->peer];
    end->tx_fd = ipm_fd_take(&fds[parent ? PIPE_DOWN_TX : PIPE_UP_TX]);
    end->rx_fd = ipm_fd_take(&fds[parent ? PIPE_UP_RX : PIPE_DOWN_RX]);
    return 0;
}

void ipm_pipe_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                       struct ipm_facts *settings) {
    int fd = end->tx_fd >= 0 ? end->tx_fd : end->rx_fd;
    ipm_fd_describe_inode(fd, "pipe_inode", endpoint);
    pipe_describe_capacity(fd, settings);
}

/* --- the rows ----------------------------------------------------------------------- */

/* Both ends of the pipe belong to this end: what it writes it then reads itself. */
static int pipe_connect(struct ipm_endpoint *end, const struct ipm_link *link) {
    struct ipm_pipe made = {.rx_fd = -1, .tx_fd = -1};
    struct ipm_err err = {0};
    int failed = ipm_pipe_make(&made, link->config.buffer_bytes, &err);
    end->rx_fd = made.rx_fd;
    end->tx_fd = made.tx_fd;
    errno = -failed;
    return failed ? -1 : 0;
}

#define PIPE_OPERATIONS                                                                  \
    .family = IPM_FAMILY_PIPE,                                                           \
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI | IPM_CAP_POLLABLE |    \
            IPM_CAP_PLAIN,                                                               \
    .link_size = sizeof(struct ipm_pipe_link), .attach = ipm_pipe_attach,                \
    .close = ipm_pipe_close, .wire = ipm_no_wire, .send = ipm_fd_write,                  \
    .recv = ipm_fd_read, .finish = ipm_fd_finish_close, .detach = ipm_fd_detach

const struct ipm_transport ipm_transport_pipe = {
    .name = "pipe",
    .summary = "one pipe, from the sender to the receiver",
    .addressing = "inode",
    .direction = IPM_SIMPLEX,
    .open = ipm_pipe_open,
    .describe = ipm_pipe_describe,
    .connect = pipe_connect,
    PIPE_OPERATIONS,
};

static int pipe_pair_open(struct ipm_link *link, struct ipm_err *err) {
    return pipe_make_all(link, true, true, err);
}

static void pipe_pair_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                               struct ipm_facts *settings) {
    ipm_fd_describe_inode(end->tx_fd, "tx_pipe_inode", endpoint);
    ipm_fd_describe_inode(end->rx_fd, "rx_pipe_inode", endpoint);
    pipe_describe_capacity(end->rx_fd, settings);
}

/* The pipe for the response is not used here: it is made and closed. */
static int pipe_pair_connect(struct ipm_endpoint *end, const struct ipm_link *link) {
    struct ipm_pipe up;
    struct ipm_err err = {0};
    if (pipe_connect(end, link) != 0)
        return -1;
    int failed = ipm_pipe_make(&up, link->config.buffer_bytes, &err);
    if (!failed)
        ipm_pipe_shut(&up);
    errno = -failed;
    return failed ? -1 : 0;
}

const struct ipm_transport ipm_transport_pipe_pair = {
    .name = "pipe-pair",
    .summary = "two pipes, one each way",
    .addressing = "two inodes",
    .direction = IPM_DUPLEX_BY_TWO,
    .open = pipe_pair_open,
    .describe = pipe_pair_describe,
    .connect = pipe_pair_connect,
    PIPE_OPERATIONS,
};
