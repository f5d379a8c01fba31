/* pipe.c - one pipe(7) between parent and child, and a pair of them, one each way. With many
 * children as many pipes or pairs, all made before fork. Knows only pipes. */
#include "base/err.h"
#include "base/facts.h"
#include "transports/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct pipe {
    int rx_fd;
    int tx_fd;
};

/* Of one child: both, or for a simplex transport only one of them. */
struct pipe_lane {
    struct pipe down; /* parent to child */
    struct pipe up;
};

struct pipe_link {
    unsigned count; /* lanes made */
    unsigned next;  /* the one that the parent attaches next */
    struct pipe_lane *lanes;
};

struct pipe_pair_end {
    bool dialled; /* here, so that `up` is here, too */
    struct pipe up;
};

enum { PIPE_LEAST_BYTES = 4096 };

static void pipe_shut(struct pipe *pipe) {
    ipm_fd_close(&pipe->rx_fd);
    ipm_fd_close(&pipe->tx_fd);
}

/* The argument is an int (F_GETPIPE_SZ(2)), so more than that is asked for as the most. A
 * user may not have more than /proc/sys/fs/pipe-max-size and is refused, where a socket
 * would get what there is: a pipe does so here, by halves. What it got is described. */
static int pipe_set_capacity(int fd, size_t bytes, struct ipm_err *err) {
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

static int pipe_make(struct pipe *ret_pipe, size_t buffer_bytes, struct ipm_err *err) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return ipm_err_sys(err, -errno, "cannot make a pipe");
    struct pipe made = {.rx_fd = fds[0], .tx_fd = fds[1]};
    int failed = pipe_set_capacity(made.tx_fd, buffer_bytes, err);
    if (failed)
        pipe_shut(&made);
    else
        *ret_pipe = made;
    return failed;
}

static int pipe_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    struct pipe trial;
    int failed = pipe_make(&trial, 0, err);
    if (failed)
        return failed;
    pipe_shut(&trial);
    *ret_max_message_bytes = SIZE_MAX;
    return 0;
}

static void pipe_describe_inode(int fd, const char *key, struct ipm_facts *endpoint) {
    struct stat status;
    if (fd >= 0 && fstat(fd, &status) == 0)
        ipm_facts_number(endpoint, key, (int64_t)status.st_ino);
}

static void pipe_describe_capacity(int fd, struct ipm_facts *settings) {
    int bytes = fcntl(fd, F_GETPIPE_SZ);
    if (bytes >= 0)
        ipm_facts_number(settings, "pipe_capacity_bytes", bytes);
}

static void pipe_close(struct ipm_link *link, enum ipm_side side) {
    struct pipe_link *pipes = link->state;
    (void)side;
    while (pipes->count > 0) {
        pipes->count--;
        pipe_shut(&pipes->lanes[pipes->count].down);
        pipe_shut(&pipes->lanes[pipes->count].up);
    }
    free(pipes->lanes);
    pipes->lanes = NULL;
}

static int pipe_open_lane(struct pipe_lane *lane, bool down, bool up, size_t buffer_bytes,
                          struct ipm_err *err) {
    int failed = 0;
    *lane = (struct pipe_lane){{-1, -1}, {-1, -1}};
    if (down)
        failed = pipe_make(&lane->down, buffer_bytes, err);
    if (!failed && up)
        failed = pipe_make(&lane->up, buffer_bytes, err);
    return failed;
}

static int pipe_open_lanes(struct ipm_link *link, bool down, bool up,
                           struct ipm_err *err) {
    struct pipe_link *pipes = link->state;
    const unsigned peers = link->config.peers > 0 ? link->config.peers : 1;
    int failed = 0;
    pipes->lanes = calloc(peers, sizeof *pipes->lanes);
    if (!pipes->lanes)
        return ipm_err_sys(err, -ENOMEM, "cannot make room for %u pipes", peers);
    while (!failed && pipes->count < peers)
        failed = pipe_open_lane(&pipes->lanes[pipes->count++], down, up,
                                link->config.buffer_bytes, err);
    if (failed)
        pipe_close(link, IPM_PARENT);
    return failed;
}

static int pipe_open(struct ipm_link *link, struct ipm_err *err) {
    const bool up = link->config.flow == IPM_TO_PARENT;
    return pipe_open_lanes(link, !up, up, err);
}

static int pipe_attach(struct ipm_end *end, struct ipm_link *link, struct ipm_err *err) {
    struct pipe_link *pipes = link->state;
    const bool parent = end->side == IPM_PARENT;
    (void)err;
    if (parent)
        end->peer = pipes->next++;
    struct pipe_lane *lane = &pipes->lanes[end->peer];
    end->tx_fd = ipm_fd_take(parent ? &lane->down.tx_fd : &lane->up.tx_fd);
    end->rx_fd = ipm_fd_take(parent ? &lane->up.rx_fd : &lane->down.rx_fd);
    return 0;
}

static void pipe_describe(const struct ipm_end *end, struct ipm_facts *endpoint,
                          struct ipm_facts *settings) {
    int fd = end->tx_fd >= 0 ? end->tx_fd : end->rx_fd;
    pipe_describe_inode(fd, "pipe_inode", endpoint);
    pipe_describe_capacity(fd, settings);
}

/* A pipe that both ends of are here. */
static int pipe_dial(struct ipm_end *end, const struct ipm_link *link) {
    struct pipe made = {.rx_fd = -1, .tx_fd = -1};
    struct ipm_err err = {0};
    int failed = pipe_make(&made, link->config.buffer_bytes, &err);
    end->rx_fd = made.rx_fd;
    end->tx_fd = made.tx_fd;
    errno = -failed;
    return failed ? -1 : 0;
}

const struct ipm_transport ipm_transport_pipe = {
    .name = "pipe",
    .summary = "one pipe, from the sender to the receiver",
    .addressing = "inode",
    .family = IPM_FAMILY_PIPE,
    .direction = IPM_SIMPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI | IPM_CAP_POLLABLE |
            IPM_CAP_PLAIN,
    .link_size = sizeof(struct pipe_link),
    .end_size = 0,
    .probe = pipe_probe,
    .open = pipe_open,
    .attach = pipe_attach,
    .close = pipe_close,
    .describe = pipe_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_write,
    .recv = ipm_fd_read,
    .dial = pipe_dial,
    .finish = ipm_fd_finish_close,
    .detach = ipm_fd_detach,
};

static int pipe_pair_open(struct ipm_link *link, struct ipm_err *err) {
    return pipe_open_lanes(link, true, true, err);
}

static void pipe_pair_describe(const struct ipm_end *end, struct ipm_facts *endpoint,
                               struct ipm_facts *settings) {
    pipe_describe_inode(end->tx_fd, "tx_pipe_inode", endpoint);
    pipe_describe_inode(end->rx_fd, "rx_pipe_inode", endpoint);
    pipe_describe_capacity(end->rx_fd, settings);
}

/* The pipe for the answer, which nobody gives here, is made and closed like the other. */
static int pipe_pair_dial(struct ipm_end *end, const struct ipm_link *link) {
    struct pipe_pair_end *state = end->state;
    struct ipm_err err = {0};
    if (pipe_dial(end, link) != 0)
        return -1;
    int failed = pipe_make(&state->up, link->config.buffer_bytes, &err);
    state->dialled = !failed;
    errno = -failed;
    return failed ? -1 : 0;
}

static void pipe_pair_detach(struct ipm_end *end) {
    struct pipe_pair_end *state = end->state;
    ipm_fd_detach(end);
    if (state->dialled)
        pipe_shut(&state->up);
}

const struct ipm_transport ipm_transport_pipe_pair = {
    .name = "pipe-pair",
    .summary = "two pipes, one each way",
    .addressing = "two inodes",
    .family = IPM_FAMILY_PIPE,
    .direction = IPM_DUPLEX_BY_TWO,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI | IPM_CAP_POLLABLE |
            IPM_CAP_PLAIN,
    .link_size = sizeof(struct pipe_link),
    .end_size = sizeof(struct pipe_pair_end),
    .probe = pipe_probe,
    .open = pipe_pair_open,
    .attach = pipe_attach,
    .close = pipe_close,
    .describe = pipe_pair_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_write,
    .recv = ipm_fd_read,
    .dial = pipe_pair_dial,
    .finish = ipm_fd_finish_close,
    .detach = pipe_pair_detach,
};
