/* pipes.c - pipes made before fork, one or two per child. */
#include "transports/pipe/pipes.h"

#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

enum { PIPES_LEAST_BYTES = 4096 };

/* The descriptors of one child, for the pipe to it and the pipe from it. */
enum { PIPES_DOWN_RX, PIPES_DOWN_TX, PIPES_UP_RX, PIPES_UP_TX, PIPES_LANE };

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
        if (errno != EPERM || asked <= PIPES_LEAST_BYTES)
            return ipm_err_sys(err, -errno, "cannot give a pipe %zu bytes", bytes);
        asked /= 2;
    }
    return 0;
}

int ipm_pipe_make(struct ipm_pipe *ret_pipe, size_t buffer_bytes, struct ipm_err *err) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return ipm_err_sys(err, -errno, "cannot make a pipe");
    struct ipm_pipe made = {.rx_fd = fds[0], .tx_fd = fds[1]};
    int failed = ipm_pipe_set_capacity(made.tx_fd, buffer_bytes, err);
    if (failed)
        ipm_pipe_shut(&made);
    else
        *ret_pipe = made;
    return failed;
}

int ipm_pipes_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    struct ipm_pipe trial;
    int failed = ipm_pipe_make(&trial, 0, err);
    if (failed)
        return failed;
    ipm_pipe_shut(&trial);
    *ret_max_message_bytes = SIZE_MAX;
    return 0;
}

void ipm_pipe_describe_capacity(int fd, struct ipm_facts *settings) {
    int bytes = fcntl(fd, F_GETPIPE_SZ);
    if (bytes >= 0)
        ipm_facts_number(settings, "pipe_capacity_bytes", bytes);
}

static unsigned pipes_peers(const struct ipm_link *link) {
    return link->config.peers > 0 ? link->config.peers : 1;
}

void ipm_pipes_close(struct ipm_link *link, enum ipm_side side) {
    struct ipm_pipes *pipes = link->state;
    (void)side;
    ipm_fd_list_free(&pipes->fds, PIPES_LANE * pipes_peers(link));
}

static int pipes_make_lane(int *fds, bool down, bool up, size_t buffer_bytes,
                           struct ipm_err *err) {
    struct ipm_pipe made = {.rx_fd = -1, .tx_fd = -1};
    int failed = down ? ipm_pipe_make(&made, buffer_bytes, err) : 0;
    fds[PIPES_DOWN_RX] = made.rx_fd;
    fds[PIPES_DOWN_TX] = made.tx_fd;
    made = (struct ipm_pipe){.rx_fd = -1, .tx_fd = -1};
    if (!failed && up)
        failed = ipm_pipe_make(&made, buffer_bytes, err);
    fds[PIPES_UP_RX] = made.rx_fd;
    fds[PIPES_UP_TX] = made.tx_fd;
    return failed;
}

int ipm_pipes_make(struct ipm_link *link, bool down, bool up, struct ipm_err *err) {
    struct ipm_pipes *pipes = link->state;
    const unsigned peers = pipes_peers(link);
    int failed = 0;
    pipes->fds = ipm_fd_list_new(PIPES_LANE * peers, err);
    if (!pipes->fds)
        return -ENOMEM;
    for (unsigned i = 0; i < peers && !failed; i++)
        failed = pipes_make_lane(&pipes->fds[PIPES_LANE * i], down, up,
                                 link->config.buffer_bytes, err);
    if (failed)
        ipm_pipes_close(link, IPM_PARENT);
    return failed;
}

int ipm_pipes_open(struct ipm_link *link, struct ipm_err *err) {
    const bool up = link->config.flow == IPM_TO_PARENT;
    return ipm_pipes_make(link, !up, up, err);
}

int ipm_pipes_attach(struct ipm_endpoint *end, struct ipm_link *link,
                     struct ipm_err *err) {
    struct ipm_pipes *pipes = link->state;
    const bool parent = end->side == IPM_PARENT;
    (void)err;
    if (parent)
        end->peer = pipes->next++;
    int *fds = &pipes->fds[PIPES_LANE * end->peer];
    end->tx_fd = ipm_fd_take(&fds[parent ? PIPES_DOWN_TX : PIPES_UP_TX]);
    end->rx_fd = ipm_fd_take(&fds[parent ? PIPES_UP_RX : PIPES_DOWN_RX]);
    return 0;
}

void ipm_pipes_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                        struct ipm_facts *settings) {
    int fd = end->tx_fd >= 0 ? end->tx_fd : end->rx_fd;
    ipm_fd_describe_inode(fd, "pipe_inode", endpoint);
    ipm_pipe_describe_capacity(fd, settings);
}
