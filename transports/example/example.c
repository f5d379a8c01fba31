/* example.c - a connected pair of Unix sockets without a name: socketpair(2). */
#include "ipcmark/err.h"
#include "ipcmark/facts.h"
#include "ipcmark/fd.h"
#include "ipcmark/plugin.h"

#include <errno.h>

/* Behind a link: what both processes inherit. The runner gives it zeroed. */
struct example_link {
    int fds[2]; /* by enum ipm_side */
};

/* Cold, in the parent: may this machine run it? Leaves nothing behind. */
static int example_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
        return ipm_err_sys(err, -errno, "cannot make a pair of sockets");
    ipm_fd_close(&fds[0]);
    ipm_fd_close(&fds[1]);
    *ret_max_message_bytes = SIZE_MAX; /* a stream: no largest message */
    return 0;
}

/* Both, after attach: drops what no end took. An end is told that its peer is gone only when
 * no copy of the peer's descriptor is left in its own process. */
static void example_close(struct ipm_link *link, enum ipm_side side) {
    struct example_link *pair = link->state;
    (void)side;
    ipm_fd_close(&pair->fds[IPM_PARENT]);
    ipm_fd_close(&pair->fds[IPM_CHILD]);
}

/* Parent, before fork. When it fails it cleans up after itself: close is not called. */
static int example_open(struct ipm_link *link, struct ipm_err *err) {
    struct example_link *pair = link->state;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair->fds) != 0)
        return ipm_err_sys(err, -errno, "cannot make a pair of sockets");
    int failed = ipm_fd_set_buffers(pair->fds[0], link->config.buffer_bytes, err);
    if (!failed)
        failed = ipm_fd_set_buffers(pair->fds[1], link->config.buffer_bytes, err);
    if (failed)
        example_close(link, IPM_PARENT);
    return failed;
}

/* Both, after fork: moves its own descriptor out of the link, leaving -1 there. */
static int example_attach(struct ipm_endpoint *end, struct ipm_link *link,
                          struct ipm_err *err) {
    struct example_link *pair = link->state;
    (void)err; /* nobody to wait for: the two are connected already */
    ipm_fd_give(end, ipm_fd_take(&pair->fds[end->side]));
    return 0;
}

/* Who this end is, and what the kernel gave it. */
static void example_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                             struct ipm_facts *settings) {
    ipm_facts_text(endpoint, "local_path", "");
    ipm_facts_text(endpoint, "peer_path", "");
    ipm_fd_describe_buffers(end->rx_fd, settings);
}

static const struct ipm_transport example_transport = {
    .name = "example",
    .summary = "pair of Unix stream sockets without a name",
    .addressing = "none",
    .family = IPM_FAMILY_SOCKET,
    .direction = IPM_DUPLEX,
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED,
    .link_size = sizeof(struct example_link),
    .end_size = 0,
    .probe = example_probe,
    .open = example_open,
    .attach = example_attach,
    .close = example_close,
    .describe = example_describe,
    .wire = ipm_no_wire,
    .send = ipm_fd_send,
    .recv = ipm_fd_recv,
    .finish = ipm_fd_finish_shutdown,
    .detach = ipm_fd_detach,
};

IPM_PLUGIN(&example_transport);
