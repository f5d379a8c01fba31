/* pipes.c - pipes made before fork, one lane a child. Knows neither who sends what through
 * them nor how. */
#include "transports/pipe/pipes.h"

#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIPES_LEAST_BYTES = 4096 };

void ipm_pipe_shut(struct ipm_pipe *pipe) {
    ipm_fd_close(&pipe->rx_fd);
    ipm_fd_close(&pipe->tx_fd);
}

/* The argument is an int (F_GETPIPE_SZ(2)), so more than that is asked for as the most. A
 * user may not have more than /proc/sys/fs/pipe-max-size and is refused, where a socket
 * would get what there is: a pipe does so here, by halves. What it got is described. */
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

void ipm_pipe_describe_inode(int fd, const char *key, struct ipm_facts *endpoint) {
    struct stat status;
    if (fd >= 0 && fstat(fd, &status) == 0)
        ipm_facts_number(endpoint, key, (int64_t)status.st_ino);
}

void ipm_pipe_describe_capacity(int fd, struct ipm_facts *settings) {
    int bytes = fcntl(fd, F_GETPIPE_SZ);
    if (bytes >= 0)
        ipm_facts_number(settings, "pipe_capacity_bytes", bytes);
}

void ipm_pipes_close(struct ipm_link *link, enum ipm_side side) {
    struct ipm_pipes *pipes = link->state;
    (void)side;
    while (pipes->count > 0) {
        pipes->count--;
        ipm_pipe_shut(&pipes->lanes[pipes->count].down);
        ipm_pipe_shut(&pipes->lanes[pipes->count].up);
    }
    free(pipes->lanes);
    pipes->lanes = NULL;
}

static int pipes_open_lane(struct ipm_pipe_lane *lane, bool down, bool up,
                           size_t buffer_bytes, struct ipm_err *err) {
    int failed = 0;
    *lane = (struct ipm_pipe_lane){{-1, -1}, {-1, -1}};
    if (down)
        failed = ipm_pipe_make(&lane->down, buffer_bytes, err);
    if (!failed && up)
        failed = ipm_pipe_make(&lane->up, buffer_bytes, err);
    return failed;
}

int ipm_pipes_make(struct ipm_link *link, bool down, bool up, struct ipm_err *err) {
    struct ipm_pipes *pipes = link->state;
    const unsigned peers = link->config.peers > 0 ? link->config.peers : 1;
    int failed = 0;
    pipes->lanes = calloc(peers, sizeof *pipes->lanes);
    if (!pipes->lanes)
        return ipm_err_sys(err, -ENOMEM, "cannot make room for %u pipes", peers);
    while (!failed && pipes->count < peers)
        failed = pipes_open_lane(&pipes->lanes[pipes->count++], down, up,
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
    struct ipm_pipe_lane *lane = &pipes->lanes[end->peer];
    end->tx_fd = ipm_fd_take(parent ? &lane->down.tx_fd : &lane->up.tx_fd);
    end->rx_fd = ipm_fd_take(parent ? &lane->up.rx_fd : &lane->down.rx_fd);
    return 0;
}

void ipm_pipes_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                        struct ipm_facts *settings) {
    int fd = end->tx_fd >= 0 ? end->tx_fd : end->rx_fd;
    ipm_pipe_describe_inode(fd, "pipe_inode", endpoint);
    ipm_pipe_describe_capacity(fd, settings);
}
