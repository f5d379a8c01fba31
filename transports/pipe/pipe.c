/* pipe.c - one pipe(7) between parent and child, and a pair of them, one each way. How many of
 * them are made and handed out is pipes.h. */
#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"
#include "transports/pipe/pipes.h"

#include <errno.h>

struct pipe_pair_end {
    bool dialled; /* here, so that `up` is here, too */
    struct ipm_pipe up;
};

/* A pipe that both ends of are here. */
static int pipe_dial(struct ipm_endpoint *end, const struct ipm_link *link) {
    struct ipm_pipe made = {.rx_fd = -1, .tx_fd = -1};
    struct ipm_err err = {0};
    int failed = ipm_pipe_make(&made, link->config.buffer_bytes, &err);
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
    .link_size = sizeof(struct ipm_pipes),
    .end_size = 0,
    .probe = ipm_pipes_probe,
    .open = ipm_pipes_open,
    .attach = ipm_pipes_attach,
    .close = ipm_pipes_close,
    .describe = ipm_pipes_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_write,
    .recv = ipm_fd_read,
    .connect = pipe_dial,
    .finish = ipm_fd_finish_close,
    .detach = ipm_fd_detach,
};

static int pipe_pair_open(struct ipm_link *link, struct ipm_err *err) {
    return ipm_pipes_make(link, true, true, err);
}

static void pipe_pair_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                               struct ipm_facts *settings) {
    ipm_pipe_describe_inode(end->tx_fd, "tx_pipe_inode", endpoint);
    ipm_pipe_describe_inode(end->rx_fd, "rx_pipe_inode", endpoint);
    ipm_pipe_describe_capacity(end->rx_fd, settings);
}

/* The pipe for the answer, which nobody gives here, is made and closed like the other. */
static int pipe_pair_dial(struct ipm_endpoint *end, const struct ipm_link *link) {
    struct pipe_pair_end *state = end->state;
    struct ipm_err err = {0};
    if (pipe_dial(end, link) != 0)
        return -1;
    int failed = ipm_pipe_make(&state->up, link->config.buffer_bytes, &err);
    state->dialled = !failed;
    errno = -failed;
    return failed ? -1 : 0;
}

static void pipe_pair_detach(struct ipm_endpoint *end) {
    struct pipe_pair_end *state = end->state;
    ipm_fd_detach(end);
    if (state->dialled)
        ipm_pipe_shut(&state->up);
}

const struct ipm_transport ipm_transport_pipe_pair = {
    .name = "pipe-pair",
    .summary = "two pipes, one each way",
    .addressing = "two inodes",
    .family = IPM_FAMILY_PIPE,
    .direction = IPM_DUPLEX_BY_TWO,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI | IPM_CAP_POLLABLE |
            IPM_CAP_PLAIN,
    .link_size = sizeof(struct ipm_pipes),
    .end_size = sizeof(struct pipe_pair_end),
    .probe = ipm_pipes_probe,
    .open = pipe_pair_open,
    .attach = ipm_pipes_attach,
    .close = ipm_pipes_close,
    .describe = pipe_pair_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_write,
    .recv = ipm_fd_read,
    .connect = pipe_pair_dial,
    .finish = ipm_fd_finish_close,
    .detach = pipe_pair_detach,
};
