/* shm_eventfd.c - rings in shared memory whose sides wait for eventfd(2)s ("bells"), as poll(2)
 * can.
 *
 * rx_fd is an epoll(7) of the eventfd to which the writer writes and of the socket that shows that
 * the writer has gone; it is readable while there is anything to read. tx_fd is an eventfd that the
 * writer fills when the ring is full, and the reader empties: it is writable while there is
 * space. */
#include "base/err.h"
#include "transports/common/fd.h"
#include "transports/memory/shm.h"

#include <sys/epoll.h>
#include <unistd.h>

enum { EVENT_DATA, EVENT_ROOM }; /* bells of a ring */

/* writer_waits is the state of the eventfd for space. EVENT_OPEN: it is empty. EVENT_FULL: it is full,
 * and the reader must empty it. EVENT_EMPTYING: a process is about to empty it. Only the process that
 * set EVENT_EMPTYING reads the eventfd, so no read blocks. */
enum { EVENT_OPEN, EVENT_FULL, EVENT_EMPTYING };

/* With this count a write blocks: eventfd(2). */
static const uint64_t event_full_count = UINT64_MAX - 1;

static int event_watch(int epoll_fd, int fd, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

/* The eventfd for messages is never read: EPOLLET reports each write once. */
static int event_attach(struct ipm_endpoint *end, struct ipm_link *link,
                        struct ipm_err *err) {
    struct ipm_shm_end *shm = end->state;
    int failed = ipm_shm_attach(end, link, err);
    if (failed)
        return failed;
    end->tx_fd = shm->bells[0][EVENT_ROOM];
    end->other_fds[end->other_count++] = shm->bells[0][EVENT_DATA];
    end->other_fds[end->other_count++] = shm->bells[1][EVENT_DATA];
    end->other_fds[end->other_count++] = shm->bells[1][EVENT_ROOM];
    end->rx_fd = epoll_create1(EPOLL_CLOEXEC);
    failed = end->rx_fd < 0 ? -errno : 0;
    if (!failed)
        failed = event_watch(end->rx_fd, shm->bells[1][EVENT_DATA], EPOLLIN | EPOLLET);
    if (!failed)
        failed = event_watch(end->rx_fd, shm->life_fd, EPOLLIN | EPOLLRDHUP);
    return failed ? ipm_err_sys(err, failed, "cannot wait for an eventfd") : 0;
}

/* EAGAIN is an error here: the count is full, which no run reaches, and nobody was woken. */
static void event_ring(struct ipm_shm_end *shm, int bell, uint64_t count) {
    ssize_t r;
    while ((r = write(bell, &count, sizeof count)) < 0 && errno == EINTR)
        ;
    if (r < 0)
        ipm_shm_break(shm, errno);
}

static void event_published(struct ipm_shm_end *shm) {
    _Atomic uint32_t *const waits = &shm->out.shared->reader_waits;
    if (ipm_ring_is_awaited(waits) && atomic_exchange(waits, 0) != 0)
        event_ring(shm, shm->bells[0][EVENT_DATA], 1);
}

static void event_empty(struct ipm_shm_end *shm, _Atomic uint32_t *waits, int bell) {
    uint32_t state = EVENT_FULL;
    uint64_t count;
    ssize_t r;
    if (!atomic_compare_exchange_strong(waits, &state, EVENT_EMPTYING))
        return;
    while ((r = read(bell, &count, sizeof count)) < 0 && errno == EINTR)
        ;
    if (r < 0)
        ipm_shm_break(shm, errno);
    atomic_store(waits, EVENT_OPEN);
}

static void event_released(struct ipm_shm_end *shm) {
    _Atomic uint32_t *const waits = &shm->in.shared->writer_waits;
    if (ipm_ring_is_awaited(waits))
        event_empty(shm, waits, shm->bells[1][EVENT_ROOM]);
}

/* Waits for a signal. Returns whether the other side is gone, or a negative errno. */
static int event_hear(const struct ipm_endpoint *end, const struct ipm_shm_end *shm,
                      int timeout_ms) {
    struct epoll_event events[2];
    int peer_gone = 0;
    if (ipm_shm_check(shm) < 0)
        return -errno;
    int count = epoll_wait(end->rx_fd, events, 2, timeout_ms);
    if (count < 0)
        return -errno;
    for (int i = 0; i < count; i++)
        peer_gone |= events[i].data.fd == shm->life_fd;
    return peer_gone;
}

static void event_arm(struct ipm_shm_end *shm) {
    _Atomic uint32_t *const waits = &shm->in.shared->reader_waits;
    if (atomic_load(waits) != 0)
        return;
    atomic_store(waits, 1);
    ipm_shm_settle(shm);
}

static int event_block(struct ipm_endpoint *end, struct ipm_shm_end *shm) {
    event_arm(shm);
    int seen = ipm_shm_look(shm, false);
    if (seen >= 0)
        return seen;
    int peer_gone = event_hear(end, shm, -1);
    if (peer_gone < 0)
        return ipm_shm_fail(-peer_gone);
    seen = ipm_shm_look(shm, peer_gone);
    return seen < 0 ? 1 : seen;
}

/* The caller polls rx_fd. The writer does not signal a message that arrives after event_hear and
 * before event_arm, so this side signals itself to keep rx_fd readable. */
static int event_glance(struct ipm_endpoint *end, struct ipm_shm_end *shm) {
    int peer_gone = event_hear(end, shm, 0);
    if (peer_gone < 0)
        return ipm_shm_fail(-peer_gone);
    event_arm(shm);
    const int seen = ipm_shm_look(shm, peer_gone);
    if (seen < 0)
        return ipm_shm_fail(EAGAIN);
    if (seen > 0 && atomic_exchange(&shm->in.shared->reader_waits, 0) != 0)
        event_ring(shm, shm->bells[1][EVENT_DATA], 1);
    return seen;
}

static int event_await_message(struct ipm_endpoint *end, struct ipm_shm_end *shm) {
    return end->nonblocking ? event_glance(end, shm)
           : end->on_miss   ? ipm_shm_miss_message(end, shm)
                            : event_block(end, shm);
}

/* Fills the eventfd before it stores EVENT_FULL, because the reader may empty it from then on. */
static void event_fill(struct ipm_shm_end *shm, _Atomic uint32_t *waits) {
    if (atomic_load(waits) != EVENT_OPEN)
        return;
    event_ring(shm, shm->bells[0][EVENT_ROOM], event_full_count);
    atomic_store(waits, EVENT_FULL);
    ipm_shm_settle(shm);
}

static int event_await_room(struct ipm_endpoint *end, struct ipm_shm_end *shm) {
    _Atomic uint32_t *const waits = &shm->out.shared->writer_waits;
    struct pollfd fds[] = {{.fd = end->tx_fd, .events = POLLOUT},
                           {.fd = shm->life_fd, .events = POLLIN}};
    if (end->on_miss && !end->nonblocking)
        return ipm_shm_miss_room(end, shm);
    event_fill(shm, waits);
    if (ipm_shm_has_room(shm)) {
        event_empty(shm, waits, end->tx_fd);
        return 1;
    }
    if (atomic_load(&shm->out.shared->left) != 0 || ipm_shm_peer_is_gone(shm))
        return ipm_shm_fail(EPIPE);
    if (ipm_shm_check(shm) < 0)
        return -1;
    if (end->nonblocking)
        return ipm_shm_fail(EAGAIN);
    return poll(fds, 2, -1) < 0 ? -1 : 1;
}

static const struct ipm_shm_wakeup event_wakeup = {
    .sleeps = true,
    .bells = true,
    .published = event_published,
    .released = event_released,
    .await_message = event_await_message,
    .await_room = event_await_room,
};

IPM_SHM_CALLS(event, &event_wakeup)

static void event_detach(struct ipm_endpoint *end) {
    int epoll_fd = end->rx_fd;
    ipm_shm_detach(end);
    ipm_fd_close(&epoll_fd);
}

const struct ipm_transport ipm_transport_shm_eventfd = {
    IPM_SHM_OPERATIONS(event),
    .name = "shm-eventfd",
    .summary = "rings in shared memory, waiting for eventfds",
    .caps = IPM_SHM_CAPS | IPM_CAP_POLLABLE,
    .attach = event_attach,
    .detach = event_detach,
};
