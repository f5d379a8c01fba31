/* fifo.c - named pipes: fifo(7), one per child, in a private directory. Both ends are
 * opened by name after fork; the names are removed before the window. */
#include "base/err.h"
#include "base/facts.h"
#include "base/strbuf.h"
#include "transports/common/fd.h"
#include "transports/common/private_dir.h"
#include "transports/pipe/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A keeper is open for reading and writing. While it exists, an open of either end does not wait
 * for the other (fifo(7)), and so never for a peer that has died. close closes the keepers: from
 * then on a reader sees the end of the stream. */
struct fifo_link {
    struct ipm_private_dir dir;
    unsigned names; /* made: one for each child, and one to connect */
    unsigned next;  /* the child that the parent attaches next */
    int *keepers;   /* by child */
};

struct fifo_end {
    char path[PATH_MAX];
    char notice[IPM_FACT_TEXT_BYTES];
};

static int fifo_path(const struct fifo_link *fifos, unsigned which, char *ret_path,
                     size_t bytes) {
    struct ipm_strbuf path = ipm_strbuf_over(ret_path, bytes);
    return ipm_strbuf_add(&path, "%s/%u", fifos->dir.directory, which) ? 0
                                                                       : -ENAMETOOLONG;
}

static unsigned fifo_peers(const struct ipm_link *link) {
    return link->config.peers > 0 ? link->config.peers : 1;
}

static void fifo_unlink(struct fifo_link *fifos) {
    char path[PATH_MAX];
    for (unsigned i = 0; i < fifos->names; i++)
        if (fifo_path(fifos, i, path, sizeof path) == 0)
            (void)unlink(path);
    fifos->names = 0;
}

static int fifo_fill(struct ipm_private_dir *dir, void *context) {
    struct ipm_link *link = context;
    struct fifo_link *fifos = link->state;
    char path[PATH_MAX];
    int failed = 0;
    (void)dir; /* it is fifos->dir */
    while (!failed && fifos->names <= fifo_peers(link)) {
        failed = fifo_path(fifos, fifos->names, path, sizeof path);
        if (!failed && mkfifo(path, 0600) != 0)
            failed = -errno;
        fifos->names += !failed;
    }
    if (failed)
        fifo_unlink(fifos);
    return failed;
}

/* Opens a FIFO without following a link: the one that is open at `kept` already, unless that is
 * -1. Returns a descriptor or a negative errno. */
static int fifo_open_end(const struct fifo_link *fifos, unsigned which, int kept,
                         int flags) {
    char path[PATH_MAX];
    struct stat opened;
    struct stat other;
    int failed = fifo_path(fifos, which, path, sizeof path);
    int fd = failed ? -1 : open(path, flags | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return failed ? failed : -errno;
    if (fstat(fd, &opened) != 0 || fstat(kept >= 0 ? kept : fd, &other) != 0)
        failed = -errno;
    else if (!S_ISFIFO(opened.st_mode) || opened.st_ino != other.st_ino ||
             opened.st_dev != other.st_dev)
        failed = -EPERM;
    if (failed)
        ipm_fd_close(&fd);
    return failed ? failed : fd;
}

/* Does not block, because there is a keeper. */
static int fifo_open_kept(const struct fifo_link *fifos, unsigned which, int flags) {
    int fd = fifo_open_end(fifos, which, fifos->keepers[which], flags | O_NONBLOCK);
    if (fd < 0 || fcntl(fd, F_SETFL, 0) == 0)
        return fd;
    int failed = -errno;
    ipm_fd_close(&fd);
    return failed;
}

static void fifo_close(struct ipm_link *link, enum ipm_side side) {
    struct fifo_link *fifos = link->state;
    ipm_fd_list_free(&fifos->keepers, fifo_peers(link));
    if (side == IPM_PARENT)
        fifo_unlink(fifos);
    ipm_private_dir_close(&fifos->dir, side);
}

static int fifo_keep(const struct ipm_link *link, struct ipm_err *err) {
    const struct fifo_link *fifos = link->state;
    for (unsigned i = 0; i < fifo_peers(link); i++) {
        fifos->keepers[i] = fifo_open_end(fifos, i, -1, O_RDWR);
        if (fifos->keepers[i] < 0)
            return ipm_err_sys(err, fifos->keepers[i], "cannot open a FIFO");
        int failed =
            ipm_pipe_set_capacity(fifos->keepers[i], link->config.buffer_bytes, err);
        if (failed)
            return failed;
    }
    return 0;
}

static int fifo_open(struct ipm_link *link, struct ipm_err *err) {
    struct fifo_link *fifos = link->state;
    fifos->keepers = ipm_fd_list_new(fifo_peers(link), err);
    if (!fifos->keepers)
        return -ENOMEM;
    const struct ipm_private_dir_use use = {
        .what = "FIFO", .fill = fifo_fill, .context = link};
    int failed = ipm_private_dir_make(&fifos->dir, &use, err);
    if (!failed)
        failed = fifo_keep(link, err);
    if (failed)
        fifo_close(link, IPM_PARENT);
    return failed;
}

static int fifo_attach(struct ipm_endpoint *end, struct ipm_link *link,
                       struct ipm_err *err) {
    struct fifo_link *fifos = link->state;
    struct fifo_end *state = end->state;
    const bool parent = end->side == IPM_PARENT;
    const bool sends = parent == (link->config.flow != IPM_TO_PARENT);
    if (parent)
        end->peer = fifos->next++;
    memcpy(state->notice, fifos->dir.notice, sizeof state->notice);
    (void)fifo_path(fifos, end->peer, state->path, sizeof state->path);
    int fd = fifo_open_kept(fifos, end->peer, sends ? O_WRONLY : O_RDONLY);
    if (fd < 0)
        return ipm_err_sys(err, fd, "cannot open a FIFO");
    *(sends ? &end->tx_fd : &end->rx_fd) = fd;
    return 0;
}

static void fifo_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                          struct ipm_facts *settings) {
    const struct fifo_end *state = end->state;
    ipm_facts_text(endpoint, "fifo_path", state->path);
    ipm_pipe_describe(end, endpoint, settings);
    if (state->notice[0])
        ipm_facts_text(settings, "notice", state->notice);
}

/* Opens both ends of a FIFO that no other process has open. Without O_NONBLOCK the first
 * open would wait for the second for ever. */
static int fifo_open_both(struct ipm_endpoint *end, const struct ipm_link *link,
                          struct ipm_err *err) {
    const struct fifo_link *fifos = link->state;
    int fd = fifo_open_end(fifos, fifo_peers(link), -1, O_RDONLY | O_NONBLOCK);
    if (fd < 0)
        return fd;
    end->rx_fd = fd;
    fd = fifo_open_end(fifos, fifo_peers(link), -1, O_WRONLY);
    if (fd < 0)
        return fd;
    end->tx_fd = fd;
    if (fcntl(end->rx_fd, F_SETFL, 0) != 0)
        return -errno;
    return ipm_pipe_set_capacity(end->tx_fd, link->config.buffer_bytes, err);
}

static int fifo_connect(struct ipm_endpoint *end, const struct ipm_link *link) {
    struct ipm_err err = {0};
    int failed = fifo_open_both(end, link, &err);
    errno = -failed;
    return failed ? -1 : 0;
}

const struct ipm_transport ipm_transport_fifo = {
    .name = "fifo",
    .summary = "named pipe in a private directory, opened by both",
    .addressing = "path",
    .family = IPM_FAMILY_PIPE,
    .direction = IPM_SIMPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI | IPM_CAP_POLLABLE |
            IPM_CAP_PLAIN,
    .link_size = sizeof(struct fifo_link),
    .end_size = sizeof(struct fifo_end),
    .open = fifo_open,
    .attach = fifo_attach,
    .close = fifo_close,
    .describe = fifo_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_write,
    .recv = ipm_fd_read,
    .connect = fifo_connect,
    .finish = ipm_fd_finish_close,
    .detach = ipm_fd_detach,
};
