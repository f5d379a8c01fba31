/* uring_ring.c - one io_uring(7) and its turns. */
#include "run/io/uring_end.h"

#include "run/process/stop.h"
#include "run/waits/wait.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Polls for a message that may be lost before its turn ends. */
enum { RING_PATIENCE = 10000 };

/* The completion of a cancellation, which the caller has not requested. */
static const uint64_t RING_CANCEL = UINT64_MAX;

/* Flags for a ring with one user, the newest first: completions are processed when they are
 * waited for (Linux 6.1), or at least never by an interrupt (5.19). A ring is disabled at
 * first, because it belongs to the thread that enables it. Kernels before 5.19 also end a send
 * before it is complete, in spite of MSG_WAITALL. */
static const unsigned ring_flags[] = {
    IORING_SETUP_R_DISABLED | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
    IORING_SETUP_R_DISABLED | IORING_SETUP_COOP_TASKRUN,
};

int ipm_uring_make(struct ipm_uring *ring, unsigned room) {
    int failed = -EINVAL;
    *ring = (struct ipm_uring){.room = room};
    ring->results = calloc(room, sizeof *ring->results);
    if (!ring->results)
        return -ENOMEM;
    for (size_t i = 0; i < sizeof ring_flags / sizeof *ring_flags && failed == -EINVAL;
         i++)
        failed = io_uring_queue_init(room + 1, &ring->uring, ring_flags[i]);
    ring->made = !failed;
    return failed;
}

void ipm_uring_drop(struct ipm_uring *ring) {
    if (ring->made)
        io_uring_queue_exit(&ring->uring);
    free(ring->results);
    *ring = (struct ipm_uring){0};
}

struct io_uring_sqe *ipm_uring_next(struct ipm_uring *ring) {
    struct io_uring_sqe *request = io_uring_get_sqe(&ring->uring);
    if (ring->queued > 0)
        ring->last->flags |= IOSQE_IO_LINK;
    io_uring_sqe_set_data64(request, ring->queued++);
    ring->last = request;
    return request;
}

/* Takes all completions and returns their number. */
static unsigned ring_reap(struct ipm_uring *ring) {
    struct io_uring_cqe *done;
    unsigned head;
    unsigned count = 0;
    io_uring_for_each_cqe(&ring->uring, head, done) {
        if (done->user_data != RING_CANCEL)
            ring->results[done->user_data] = done->res;
        count++;
    }
    io_uring_cq_advance(&ring->uring, count);
    return count;
}

static int ring_enter(struct ipm_uring *ring, unsigned wanted, uint64_t *calls) {
    int r = io_uring_submit_and_wait(&ring->uring, wanted);
    ++*calls;
    return r < 0 && r != -EINTR && r != -EAGAIN ? r : 0;
}

/* Cancels all requests, so that no buffer is written to later. Returns -EINTR; the results
 * tell what was complete before. */
static int ring_give_up(struct ipm_uring *ring, unsigned left, uint64_t *calls) {
    struct io_uring_sqe *request = io_uring_get_sqe(&ring->uring);
    int failed = 0;
    io_uring_prep_cancel64(request, 0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
    io_uring_sqe_set_data64(request, RING_CANCEL);
    left++;
    while (left > 0 && !failed) {
        failed = ring_enter(ring, left, calls);
        left -= ring_reap(ring);
    }
    return failed ? failed : -EINTR;
}

/* liburing 2.3 declares io_uring_enable_rings(3) but does not define it. */
static int ring_enable(struct ipm_uring *ring) {
    ring->enabled = true;
    return syscall(SYS_io_uring_register, ring->uring.ring_fd,
                   IORING_REGISTER_ENABLE_RINGS, NULL, 0) == 0
               ? 0
               : -errno;
}

/* Polls the completions once, by one system call, because only a call processes them. Returns 0 or
 * a negative errno. */
static int ring_look(struct ipm_uring *ring, uint64_t looks, uint64_t *calls) {
    int r = looks == 1 ? io_uring_submit_and_get_events(&ring->uring)
                       : io_uring_get_events(&ring->uring);
    ++*calls;
    ipm_wait_missed(ring->wait, looks);
    return r < 0 && r != -EINTR && r != -EAGAIN ? r : 0;
}

int ipm_uring_turn(struct ipm_uring *ring, uint64_t *calls) {
    unsigned left = ring->queued;
    uint64_t looks = 0;
    int failed = ring->enabled ? 0 : ring_enable(ring);
    ring->queued = 0;
    while (left > 0 && !failed) {
        const bool slept = ++looks > ring->tries;
        failed = slept ? ring_enter(ring, left, calls) : ring_look(ring, looks, calls);
        left -= ring_reap(ring);
        const bool gives_up = ring->gives_up && (slept || looks % RING_PATIENCE == 0);
        if (left > 0 && !failed && (ipm_stop_flag || gives_up))
            return ring_give_up(ring, left, calls);
    }
    return failed;
}
