/* splice.c - pipes into which pages are mapped instead of copied, vmsplice(2), and out of
 * which they are moved without being read, splice(2). */
#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"
#include "transports/pipe/lending.h"
#include "transports/pipe/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* With more clients, a huge page for each would take too much memory. */
enum { SPLICE_HUGE_PEERS_MOST = 16 };

struct splice_end {
    struct ipm_lending lending; /* of the sender */
    bool drains;                /* a receiver that splices to other_fds[0] */
};

/* vmsplice(2) ignores O_NONBLOCK, and so does splice(2) of some kernels: they have a flag of their
 * own. */
static unsigned splice_flags(const struct ipm_endpoint *end) {
    return end->nonblocking ? SPLICE_F_NONBLOCK : 0;
}

static ssize_t splice_lease(struct ipm_endpoint *end, void **ret_buf) {
    struct splice_end *state = end->state;
    *ret_buf = ipm_lending_next(&state->lending);
    return (ssize_t)state->lending.call_bytes;
}

static ssize_t splice_commit(struct ipm_endpoint *end, size_t len) {
    struct splice_end *state = end->state;
    const struct iovec part = {.iov_base = state->lending.memory + state->lending.at,
                               .iov_len = len};
    ssize_t moved = vmsplice(end->tx_fd, &part, 1, splice_flags(end));
    state->lending.at += moved > 0 ? (size_t)moved : 0;
    return moved;
}

/* The caller may change the bytes after the return, so they are copied. The caller sends again what
 * the pipe has not taken. */
static ssize_t splice_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    void *place;
    const size_t most = (size_t)splice_lease(end, &place);
    const size_t bytes = len < most ? len : most;
    memcpy(place, buf, bytes);
    return splice_commit(end, bytes);
}

static ssize_t splice_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    if (!end->counted)
        return ipm_fd_read(end, buf, cap);
    return splice(end->rx_fd, NULL, end->other_fds[0], NULL, cap, splice_flags(end));
}

/* The kernel tells the capacity: a user with too many pipes gets small ones. */
static int splice_attach(struct ipm_endpoint *end, struct ipm_link *link,
                         struct ipm_err *err) {
    struct splice_end *state = end->state;
    int failed = ipm_lanes_attach(end, link, err);
    if (failed || end->tx_fd < 0)
        return failed;
    const int capacity = fcntl(end->tx_fd, F_GETPIPE_SZ);
    if (capacity < 0)
        return ipm_err_sys(err, -errno, "cannot tell the capacity of a pipe");
    return ipm_lending_init(&state->lending, link->config.message_bytes, (size_t)capacity,
                            link->config.peers <= SPLICE_HUGE_PEERS_MOST, err);
}

static int splice_open_null(int *ret_fd, struct ipm_err *err) {
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return ipm_err_sys(err, -errno, "cannot open '/dev/null'");
    *ret_fd = fd;
    return 0;
}

static int splice_attach_drain(struct ipm_endpoint *end, struct ipm_link *link,
                               struct ipm_err *err) {
    struct splice_end *state = end->state;
    int failed = splice_attach(end, link, err);
    if (failed || end->rx_fd < 0)
        return failed;
    failed = splice_open_null(&end->other_fds[0], err);
    end->other_count = failed ? 0 : 1;
    state->drains = !failed;
    return failed;
}

static void splice_detach(struct ipm_endpoint *end) {
    struct splice_end *state = end->state;
    ipm_fd_detach(end);
    ipm_lending_done(&state->lending);
    if (state->drains)
        ipm_fd_close(&end->other_fds[0]);
    end->other_count = 0;
    state->drains = false;
}

static void splice_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                            struct ipm_facts *settings) {
    const struct splice_end *state = end->state;
    ipm_pipe_describe(end, endpoint, settings);
    if (state->lending.bytes > 0)
        ipm_facts_number(settings, "vmsplice_memory_bytes",
                         (int64_t)state->lending.bytes);
    if (state->drains && end->counted)
        ipm_facts_text(settings, "notice",
                       "the receiver has not seen a byte: it splices pages to /dev/null");
}

/* Whether the kernel lets these be called: a filter of system calls may not. */
static int splice_try(int rx_fd, int tx_fd, int null_fd, struct ipm_err *err) {
    static unsigned char byte;
    const struct iovec part = {.iov_base = &byte, .iov_len = 1};
    if (vmsplice(tx_fd, &part, 1, SPLICE_F_NONBLOCK) != 1)
        return ipm_err_sys(err, -errno, "vmsplice is refused");
    if (null_fd >= 0 && splice(rx_fd, NULL, null_fd, NULL, 1, SPLICE_F_NONBLOCK) != 1)
        return ipm_err_sys(err, -errno, "splice is refused");
    return 0;
}

static int splice_probe_with(int null_fd, struct ipm_err *err) {
    const struct ipm_link plain = {.ops = NULL};
    int fds[IPM_LANE_FDS] = {-1, -1};
    int failed = ipm_pipe_make(&plain, fds, err);
    if (failed)
        return failed;
    failed = splice_try(fds[IPM_LANE_RX], fds[IPM_LANE_TX], null_fd, err);
    ipm_fd_close(&fds[IPM_LANE_RX]);
    ipm_fd_close(&fds[IPM_LANE_TX]);
    return failed;
}

static int splice_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    *ret_max_message_bytes = SIZE_MAX;
    return splice_probe_with(-1, err);
}

static int splice_probe_drain(size_t *ret_max_message_bytes, struct ipm_err *err) {
    int null_fd = -1;
    int failed = splice_open_null(&null_fd, err);
    *ret_max_message_bytes = SIZE_MAX;
    if (!failed)
        failed = splice_probe_with(null_fd, err);
    ipm_fd_close(&null_fd);
    return failed;
}

#define SPLICE_OPERATIONS                                                                \
    .addressing = "inode", .family = IPM_FAMILY_PIPE, .direction = IPM_SIMPLEX,          \
    .caps = IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_MULTI | IPM_CAP_POLLABLE,     \
    .link_size = sizeof(struct ipm_lanes), .end_size = sizeof(struct splice_end),        \
    .open = ipm_pipe_open, .close = ipm_lanes_close, .describe = splice_describe,        \
    .wire = ipm_no_wire, .send = splice_send, .lease = splice_lease,                     \
    .commit = splice_commit, .finish = ipm_fd_finish_close, .detach = splice_detach

const struct ipm_transport ipm_transport_pipe_vmsplice = {
    SPLICE_OPERATIONS,
    .name = "pipe-vmsplice",
    .summary = "pipe: the sender lends its pages, the receiver reads",
    .probe = splice_probe,
    .attach = splice_attach,
    .recv = ipm_fd_read,
};

const struct ipm_transport ipm_transport_pipe_splice = {
    SPLICE_OPERATIONS,
    .name = "pipe-splice",
    .summary = "pipe: vmsplice(2) in, splice(2) out, never read",
    .probe = splice_probe_drain,
    .attach = splice_attach_drain,
    .recv = splice_recv,
};
