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
    if (failed == -ENFILE)
        ipm_err_limit(err, "'sysctl -w fs.pipe-user-pages-hard=PAGES' allows a user more "
                           "pipes, and fs.file-max all users more open files");
    return ipm_err_sys(err, failed, "cannot make a pipe");
}

int ipm_pipe_make(const struct ipm_link *link, int ret_fds[IPM_LANE_FDS],
                  struct ipm_err *err) {
    int fds[IPM_LANE_FDS];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return pipe_refused(-errno, err);
    int failed = ipm_pipe_set_capacity(fds[IPM_LANE_TX], link->config.buffer_bytes, err);
    for (int i = 0; i < IPM_LANE_FDS; i++)
        ret_fds[i] = ipm_fd_take(&fds[i]);
    for (int i = 0; i < IPM_LANE_FDS && failed; i++)
        ipm_fd_close(&ret_fds[i]);
    return failed;
}

static void pipe_describe_capacity(int fd, struct ipm_facts *settings) {
    int bytes = fcntl(fd, F_GETPIPE_SZ);
    if (bytes >= 0)
        ipm_facts_number(settings, "pipe_capacity_bytes", bytes);
}

int ipm_pipe_open(struct ipm_link *link, struct ipm_err *err) {
    return ipm_lanes_open_simplex(link, ipm_pipe_make, err);
}

void ipm_pipe_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                       struct ipm_facts *settings) {
    int fd = end->tx_fd >= 0 ? end->tx_fd : end->rx_fd;
    ipm_fd_describe_inode(fd, "pipe_inode", endpoint);
    pipe_describe_capacity(fd, settings);
}

/* Both ends of the pipe belong to this end: what it writes it then reads itself. */
static int pipe_connect(struct ipm_endpoint *end, const struct ipm_link *link) {
    struct ipm_err err = {0};
    int fds[IPM_LANE_FDS] = {-1, -1};
    int failed = ipm_pipe_make(link, fds, &err);
    end->rx_fd = fds[IPM_LANE_RX];
    end->tx_fd = fds[IPM_LANE_TX];
    errno = -failed;
    return failed ? -1 : 0;
}

#define PIPE_OPERATIONS                                                                  \
    .family = IPM_FAMILY_PIPE,                                                           \
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI | IPM_CAP_POLLABLE |    \
            IPM_CAP_PLAIN,                                                               \
    .link_size = sizeof(struct ipm_lanes), .attach = ipm_lanes_attach,                   \
    .close = ipm_lanes_close, .wire = ipm_no_wire, .send = ipm_fd_write,                 \
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
    return ipm_lanes_open(link, ipm_pipe_make, true, true, err);
}

static void pipe_pair_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                               struct ipm_facts *settings) {
    ipm_fd_describe_inode(end->tx_fd, "tx_pipe_inode", endpoint);
    ipm_fd_describe_inode(end->rx_fd, "rx_pipe_inode", endpoint);
    pipe_describe_capacity(end->rx_fd, settings);
}

/* The pipe for the response is not used here: it is made and closed. */
static int pipe_pair_connect(struct ipm_endpoint *end, const struct ipm_link *link) {
    struct ipm_endpoint up = {.rx_fd = -1, .tx_fd = -1};
    if (pipe_connect(end, link) != 0)
        return -1;
    const int failed = pipe_connect(&up, link);
    ipm_fd_detach(&up);
    return failed;
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
