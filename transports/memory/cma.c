/* cma.c - a receiver that copies out of the sender's memory: process_vm_readv(2). The address
 * of a message is sent over a socketpair(2) each way. */
#include "base/err.h"
#include "base/facts.h"
#include "transports/common/fd.h"
#include "transports/common/lanes.h"

#include <errno.h>
#include <limits.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <unistd.h>

struct cma_link {
    struct ipm_lanes lanes; /* each a pair of sockets: a receiver answers */
    pid_t parent;
};

/* Announces a message to the receiver, which answers with the number of bytes. */
struct cma_offer {
    uint64_t address;
    uint64_t bytes;
};

struct cma_end {
    bool offered; /* and not answered yet: a signal ended the wait */
    pid_t peer;
};

/* Tests whether the system call exists by reading from this process. attach tests whether it may
 * read from the other process. */
static int cma_probe(size_t *ret_max_message_bytes, struct ipm_err *err) {
    char from = 'x';
    char into = 0;
    const struct iovec local = {.iov_base = &into, .iov_len = 1};
    const struct iovec remote = {.iov_base = &from, .iov_len = 1};
    if (process_vm_readv(getpid(), &local, 1, &remote, 1, 0) != 1)
        return ipm_err_sys(err, -errno, "cannot read the memory of a process");
    *ret_max_message_bytes = SIZE_MAX;
    return 0;
}

static int cma_make_lane(const struct ipm_link *link, int ret_fds[IPM_LANE_FDS],
                         struct ipm_err *err) {
    return ipm_fd_pair(SOCK_SEQPACKET, link->config.buffer_bytes, ret_fds, err);
}

static int cma_open(struct ipm_link *link, struct ipm_err *err) {
    struct cma_link *cma = link->state;
    cma->parent = getpid();
    return ipm_lanes_open(link, cma_make_lane, true, true, err);
}

static int cma_await(int fd, unsigned timeout_ms, struct ipm_err *err) {
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    unsigned left_ms = timeout_ms;
    int ready = 0;
    while (ready == 0 && left_ms > 0)
        ready = ipm_fd_wait(&wait, 1, &left_ms);
    return ready > 0 ? 0
                     : ipm_err_set(err, ready < 0 ? ready : -ETIMEDOUT,
                                   "the peer did not come within %u ms", timeout_ms);
}

static ssize_t cma_copy(pid_t from, const struct cma_offer *offer, void *buf,
                        size_t cap) {
    const size_t wanted = offer->bytes < cap ? (size_t)offer->bytes : cap;
    size_t done = 0;
    while (done < wanted) {
        const struct iovec local = {.iov_base = (char *)buf + done,
                                    .iov_len = wanted - done};
        const uintptr_t there =
            (uintptr_t)offer->address + done; /* in the other process */
        /* NOLINTNEXTLINE(performance-no-int-to-ptr) */
        const struct iovec remote = {.iov_base = (void *)there, .iov_len = wanted - done};
        const ssize_t r = process_vm_readv(from, &local, 1, &remote, 1, 0);
        if (r <= 0)
            return -1;
        done += (size_t)r;
    }
    return (ssize_t)done;
}

/* Hot. Waits for the answer, since the caller may change the buffer after send. */
static ssize_t cma_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    struct cma_end *state = end->state;
    const struct cma_offer offer = {.address = (uintptr_t)buf, .bytes = len};
    uint64_t taken = 0;
    if (!state->offered && send(end->tx_fd, &offer, sizeof offer, MSG_NOSIGNAL) < 0)
        return -1;
    state->offered = true;
    const ssize_t r = recv(end->tx_fd, &taken, sizeof taken, 0);
    if (r < 0 && errno == EINTR)
        return -1;
    state->offered = false;
    if (r == (ssize_t)sizeof taken && taken == len)
        return (ssize_t)len;
    if (r >= 0)
        errno = r == 0 ? EPIPE : EBADMSG;
    return -1;
}

/* Hot. The sender waits for the answer. */
static int cma_answer(const struct ipm_endpoint *end, uint64_t bytes) {
    ssize_t r;
    while ((r = send(end->rx_fd, &bytes, sizeof bytes, MSG_NOSIGNAL | MSG_DONTWAIT)) <
               0 &&
           errno == EINTR)
        ;
    return r < 0 ? -1 : 0;
}

/* Hot. */
static ssize_t cma_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    const struct cma_end *state = end->state;
    struct cma_offer offer = {0};
    const ssize_t r = recv(end->rx_fd, &offer, sizeof offer, MSG_TRUNC);
    if (r <= 0)
        return r;
    if (r != (ssize_t)sizeof offer || offer.bytes == 0 || offer.bytes > SSIZE_MAX) {
        errno = EBADMSG;
        return -1;
    }
    if (cma_copy(state->peer, &offer, buf, cap) < 0) {
        errno = errno == ESRCH ? EPIPE : errno;
        return -1;
    }
    return cma_answer(end, offer.bytes) < 0 ? -1 : (ssize_t)offer.bytes;
}

/* Each side reads a word of the other's stack, so that a refusal (a sandbox, Yama, a process that
 * is not dumpable) is reported before the window. */
static int cma_try(struct ipm_endpoint *end, const uint64_t *word, unsigned timeout_ms,
                   struct ipm_err *err) {
    const struct cma_end *state = end->state;
    const struct cma_offer mine = {.address = (uintptr_t)word, .bytes = sizeof *word};
    struct cma_offer theirs = {0};
    uint64_t read_word = 0;
    if (send(end->tx_fd, &mine, sizeof mine, MSG_NOSIGNAL) < 0)
        return ipm_err_sys(err, -errno, "cannot tell the peer where to read");
    int failed = cma_await(end->rx_fd, timeout_ms, err);
    if (failed)
        return failed;
    if (recv(end->rx_fd, &theirs, sizeof theirs, 0) != (ssize_t)sizeof theirs)
        return ipm_err_set(err, -EPIPE, "the peer is gone");
    if (cma_copy(state->peer, &theirs, &read_word, sizeof read_word) < 0) {
        (void)ipm_err_sys(err, -errno, "cannot read the memory of the peer");
        ipm_err_hint(err, "/proc/sys/kernel/yama/ptrace_scope must be 0 or 1");
        return err ? err->code : -errno;
    }
    return send(end->rx_fd, &read_word, sizeof read_word, MSG_NOSIGNAL) < 0
               ? ipm_err_sys(err, -errno, "cannot answer the peer")
               : 0;
}

static int cma_meet(struct ipm_endpoint *end, unsigned timeout_ms, struct ipm_err *err) {
    const uint64_t word = 0x1bcda7a000000000u + (uint64_t)getpid();
    uint64_t seen = 0;
    int failed = cma_try(end, &word, timeout_ms, err);
    if (!failed)
        failed = cma_await(end->tx_fd, timeout_ms, err);
    if (failed)
        return failed;
    if (recv(end->tx_fd, &seen, sizeof seen, 0) != (ssize_t)sizeof seen || seen != word)
        return ipm_err_set(err, -EBADMSG, "the peer has read another word than there is");
    return 0;
}

/* With Yama at 1, a process can be read only by its ancestors and by the process that it names with
 * PR_SET_PTRACER. So the parent names the child. Without Yama the call fails, which does not matter. */
static int cma_attach(struct ipm_endpoint *end, struct ipm_link *link,
                      struct ipm_err *err) {
    const struct cma_link *cma = link->state;
    struct cma_end *state = end->state;
    (void)ipm_lanes_attach(end, link, err);
    ipm_lanes_close(link, end->side); /* else a peer that dies meanwhile is not noticed */
    state->peer = end->side == IPM_PARENT ? end->peer_pid : cma->parent;
    (void)prctl(PR_SET_PTRACER, (unsigned long)state->peer, 0, 0, 0);
    return cma_meet(end, link->config.timeout_ms, err);
}

static void cma_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                         struct ipm_facts *settings) {
    const struct cma_end *state = end->state;
    ipm_facts_number(endpoint, "local_pid", getpid());
    ipm_facts_number(endpoint, "peer_pid", state->peer);
    ipm_fd_describe_buffers(end->rx_fd, settings);
}

/* Withdraws the permission, because another process may get the id of the peer later. */
static void cma_detach(struct ipm_endpoint *end) {
    struct cma_end *state = end->state;
    ipm_fd_detach(end);
    if (state->peer > 0)
        (void)prctl(PR_SET_PTRACER, 0, 0, 0, 0);
    state->peer = 0;
}

const struct ipm_transport ipm_transport_cma = {
    .name = "cma",
    .summary = "the receiver reads the sender's memory",
    .addressing = "pid and address",
    .family = IPM_FAMILY_MEMORY,
    .direction = IPM_DUPLEX_BY_TWO,
    .caps = IPM_CAP_MESSAGES | IPM_CAP_RELIABLE | IPM_CAP_CONNECTED | IPM_CAP_UNBUFFERED,
    .link_size = sizeof(struct cma_link),
    .end_size = sizeof(struct cma_end),
    .probe = cma_probe,
    .open = cma_open,
    .attach = cma_attach,
    .close = ipm_lanes_close,
    .describe = cma_describe,
    .wire = ipm_no_wire,
    .send = cma_send,
    .recv = cma_recv,
    .finish = ipm_fd_finish_shutdown,
    .detach = cma_detach,
};
