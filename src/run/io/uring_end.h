/* uring_end.h - an end that is driven by a ring: one direction of it, or both where requests
 * and responses alternate. Private to this backend; needs liburing. */
#ifndef IPM_RUN_IO_URING_END_H
#define IPM_RUN_IO_URING_END_H

#include "transports/transport.h"

#include <liburing.h>
#include <stdbool.h>
#include <stdint.h>

struct ipm_pump;
struct ipm_wait;

/* One io_uring(7) and its turns. A turn submits all queued requests and waits until each is
 * complete. Between two turns no request is in flight, and the caller owns its buffers, also after
 * an error. */
struct ipm_uring {
    struct io_uring uring;
    int *results;    /* of the requests of a turn, in the order they were queued: a count
                        or a negative errno; -ECANCELED behind a link that broke */
    unsigned room;   /* most requests in a turn */
    unsigned queued; /* requests for the next turn */
    struct io_uring_sqe *last; /* queued */
    bool made;
    bool enabled;
    const struct ipm_wait *wait;
    uint64_t tries; /* polls of the completions before it sleeps: ipm_wait_count_tries */
    bool gives_up;  /* messages may be lost, so a signal ends a turn */
};

/* Makes a ring that belongs to the thread of its first turn. Returns 0 or a negative errno:
 * -ENOSYS or -EPERM where the kernel refuses it, -EINVAL where the kernel is too old. Call
 * ipm_uring_drop afterwards, also on error. */
int ipm_uring_make(struct ipm_uring *ring, unsigned room);

/* Safe on a zeroed struct. */
void ipm_uring_drop(struct ipm_uring *ring);

/* Queues one more request, of at most `room`, which the caller fills by io_uring_prep_*(3).
 * Hot. It waits for the one queued before it (IOSQE_IO_LINK), and is cancelled when that one
 * fails or is short. */
struct io_uring_sqe *ipm_uring_next(struct ipm_uring *ring);

/* Hot. Submits all queued requests and waits until each is complete. This takes one
 * io_uring_enter(2), or more if it is interrupted or polls before it sleeps; *calls counts them.
 * Returns 0 or a negative errno: -EINTR when the stop flag is set and waiting requests were
 * cancelled. */
int ipm_uring_turn(struct ipm_uring *ring, uint64_t *calls);

struct ipm_uring_end {
    struct ipm_endpoint end; /* first: the argument of the pump's calls */
    struct ipm_uring ring;
    void (*queue_send)(struct ipm_uring_end *end, const void *buf, size_t bytes);
    void (*queue_recv)(struct ipm_uring_end *end, void *buf, size_t cap, int flags);
    int recv_flags;         /* MSG_TRUNC where message boundaries are preserved */
    size_t frame_bytes;     /* of each message of a stream */
    uint64_t messages_left; /* to send by uring_defer */
    const void *deferred;   /* sent, as the pump sees it, but not submitted yet */
    size_t deferred_bytes;
    uint64_t send_calls; /* of io_uring_enter(2), for sending only */
    uint64_t recv_calls; /* for receiving, and for sending what was deferred */
};

/* Replace the calls and the end of a pump. If requests and responses alternate (`in_turn`),
 * both pumps of an end share one ring. */
void ipm_uring_drive_out(struct ipm_uring_end *end, struct ipm_pump *out, bool in_turn);
void ipm_uring_drive_in(struct ipm_uring_end *end, struct ipm_pump *in, bool in_turn);

#endif
