/* uring_end.h - one way of an end that is driven by a ring, or both where they go in turn.
 * Private to this backend; needs liburing. */
#ifndef IPM_RUN_IO_URING_END_H
#define IPM_RUN_IO_URING_END_H

#include "run/io/uring_ring.h"
#include "transports/transport.h"

struct ipm_pump;

struct ipm_uring_end {
    struct ipm_endpoint end; /* first: what the calls of the pump are given */
    struct ipm_uring ring;
    void (*queue_send)(struct ipm_uring_end *end, const void *buf, size_t bytes);
    void (*queue_recv)(struct ipm_uring_end *end, void *buf, size_t cap, int flags);
    int recv_flags;         /* MSG_TRUNC where messages are kept whole */
    size_t frame_bytes;     /* of each message of a stream */
    uint64_t messages_left; /* to send in turn, the last one included until it is */
    const void *put_off; /* in turn: sent, as the pump sees it, and not handed over yet */
    size_t put_off_bytes;
    uint64_t send_calls; /* of io_uring_enter(2), for sending only */
    uint64_t recv_calls; /* and for receiving, in turn with what was put off */
};

/* Makes both ends of a pump's calls: the pump's end is this one from now on. In turn, one is
 * for both pumps. */
void ipm_uring_drive_out(struct ipm_uring_end *end, struct ipm_pump *out, bool in_turn);
void ipm_uring_drive_in(struct ipm_uring_end *end, struct ipm_pump *in, bool in_turn);

#endif
