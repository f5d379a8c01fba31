/* uring_end.h - an end that is driven by a ring: one direction of it, or both where requests
 * and responses alternate. Private to this backend; needs liburing. */
#ifndef IPM_RUN_IO_URING_END_H
#define IPM_RUN_IO_URING_END_H

#include "run/io/uring_ring.h"
#include "transports/transport.h"

struct ipm_pump;

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
