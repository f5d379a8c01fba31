/* pipe.c - one pipe(7) between parent and child, and a pair of them, one each way. */
#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"
#include "transports/pipe/pipes.h"

#include <errno.h>

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
    .link_size = sizeof(struct ipm_pipes), .probe = ipm_pipes_probe,                     \
    .attach = ipm_pipes_attach, .close = ipm_pipes_close, .wire = ipm_no_wire,           \
    .send = ipm_fd_write, .recv = ipm_fd_read, .finish = ipm_fd_finish_close,            \
    .detach = ipm_fd_detach

const struct ipm_transport ipm_transport_pipe = {
    .name = "pipe",
    .summary = "one pipe, from the sender to the receiver",
    .addressing = "inode",
    .direction = IPM_SIMPLEX,
    .open = ipm_pipes_open,
    .describe = ipm_pipes_describe,
    .connect = pipe_connect,
    PIPE_OPERATIONS,
};

static int pipe_pair_open(struct ipm_link *link, struct ipm_err *err) {
    return ipm_pipes_make(link, true, true, err);
}

static void pipe_pair_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                               struct ipm_facts *settings) {
    ipm_fd_describe_inode(end->tx_fd, "tx_pipe_inode", endpoint);
    ipm_fd_describe_inode(end->rx_fd, "rx_pipe_inode", endpoint);
    ipm_pipe_describe_capacity(end->rx_fd, settings);
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
