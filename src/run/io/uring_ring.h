/* uring_ring.h - one io_uring(7) and its turns: what is queued goes in, and comes back
 * whole. Private to this backend; needs liburing.
 *
 * Between two turns nothing is in flight: a buffer is the caller's again, whatever
 * happened. */
#ifndef IPM_RUN_IO_URING_RING_H
#define IPM_RUN_IO_URING_RING_H

#include <liburing.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ipm_uring {
    struct io_uring uring;
    int *results;    /* of the requests of a turn, in the order they were queued: a count
                        or a negative errno; -ECANCELED behind a link that broke */
    unsigned room;   /* requests that a turn may have */
    unsigned queued; /* for the next turn */
    struct io_uring_sqe *last; /* of those */
    bool made;
    bool enabled;
    bool gives_up; /* what it waits for may never come: a signal ends a turn */
};

/* Makes a ring that belongs to the thread of its first turn. Returns 0 or a negative errno:
 * -ENOSYS and -EPERM where the kernel has none for us, -EINVAL where it is older than what
 * this needs. ipm_uring_drop follows in both cases. */
int ipm_uring_make(struct ipm_uring *ring, unsigned room);

/* Safe on a zeroed struct. */
void ipm_uring_drop(struct ipm_uring *ring);

/* Room for one more request, which the caller fills by a call of io_uring_prep_*(3). Hot.
 * There must be some. It waits for the one queued before it (IOSQE_IO_LINK), and is
 * cancelled when that fails or moves less than all. */
struct io_uring_sqe *ipm_uring_next(struct ipm_uring *ring);

/* Hands over all that is queued and waits until each is done, by one io_uring_enter(2)
 * where nothing interrupts it; *calls counts them. Hot. Returns 0, or a negative errno:
 * -EINTR when the stop flag is set and what was still waiting had to be cancelled. */
int ipm_uring_turn(struct ipm_uring *ring, uint64_t *calls);

#endif
