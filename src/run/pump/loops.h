/* loops.h - what ipm_pump_init chooses from, and what the loops share. Private to src/run/pump,
 * but for a service, which notes messages as a pump does. */
#ifndef IPM_RUN_PUMP_LOOPS_H
#define IPM_RUN_PUMP_LOOPS_H

#include "run/pump/pump.h"

#include <errno.h>
#include <string.h>

/* send_step: sends the next `count` messages from `sequence` on. Returns 0 or a negative errno.
 *
 *   group   by one call of send, and more where it takes less
 *   batch   by one call of send_batch, likewise
 *   leased  made in the place that the transport leases: one group
 *   placed  copied to that place: one message, whatever count is */
typedef int ipm_pump_step(struct ipm_pump *pump, uint64_t sequence, unsigned count);
ipm_pump_step ipm_pump_send_group;
ipm_pump_step ipm_pump_send_batch;
ipm_pump_step ipm_pump_send_leased;
ipm_pump_step ipm_pump_send_placed;

/* send_all: group with one message that stays as it is, any step, placed. */
int ipm_pump_send_plain(struct ipm_pump *pump);
int ipm_pump_send_groups(struct ipm_pump *pump);
int ipm_pump_send_all_placed(struct ipm_pump *pump);

/* stamp: makes the next `count` messages at the front of buf. */
typedef void ipm_pump_stamp(struct ipm_pump *pump, uint64_t sequence, unsigned count);
ipm_pump_stamp ipm_pump_stamp_nothing;
ipm_pump_stamp ipm_pump_stamp_numbers;
ipm_pump_stamp ipm_pump_stamp_contents;
ipm_pump_stamp ipm_pump_stamp_frames;

/* recv_once: what one call gives. Returns 1 or more to go on, 0 at the end, or why to leave. */
int ipm_pump_recv_once(struct ipm_pump *pump);
int ipm_pump_recv_batch(struct ipm_pump *pump);
int ipm_pump_recv_once_placed(struct ipm_pump *pump);

/* recv_all: bytes that are only counted; messages that are; numbered ones; messages that are
 * read in place; any, by recv_once. */
int ipm_pump_recv_stream(struct ipm_pump *pump);
int ipm_pump_recv_messages(struct ipm_pump *pump);
int ipm_pump_recv_numbered(struct ipm_pump *pump);
int ipm_pump_recv_all_placed(struct ipm_pump *pump);
int ipm_pump_recv_each(struct ipm_pump *pump);

/* take: of `moved` bytes that came behind the pending ones. Returns 0 or a negative errno. */
int ipm_pump_take_bytes(struct ipm_pump *pump, size_t moved);
int ipm_pump_take_frames(struct ipm_pump *pump, size_t moved);
int ipm_pump_take_frames_noted(struct ipm_pump *pump, size_t moved);
int ipm_pump_take_message(struct ipm_pump *pump, size_t moved);

/* on_message: of a whole message of the right length. */
typedef void ipm_pump_on_message(struct ipm_pump *pump, const unsigned char *contents);
ipm_pump_on_message ipm_pump_on_message_nothing;
ipm_pump_on_message ipm_pump_on_message_read; /* in place: brings all of it to this CPU */
ipm_pump_on_message ipm_pump_on_message_number;
ipm_pump_on_message ipm_pump_on_message_contents;

/* --- what the loops share --------------------------------------------------------------- */

/* A call of recv that did not move one whole message, and one of borrow, whose message is given
 * back: as recv_once. */
int ipm_pump_recv_odd(struct ipm_pump *pump, ssize_t moved);
int ipm_pump_borrowed_odd(struct ipm_pump *pump, ssize_t moved);

/* What a call has given which offered so much: as recv_once. */
int ipm_pump_pulled(struct ipm_pump *pump, ssize_t moved, size_t offered);

/* Receives until `wanted` messages have come in all. Returns 0, -EPIPE at an early end, -EINTR
 * or another negative errno. */
int ipm_pump_recv_until(struct ipm_pump *pump, uint64_t wanted);

/* So many whole messages received, each by one call. */
void ipm_pump_count_whole(struct ipm_pump *pump, uint64_t messages);

/* So many messages sent, by so many calls and the partial ones. */
void ipm_pump_count_sent(struct ipm_pump *pump, uint64_t messages, uint64_t calls);

/* Sends what a call that moved so much has left of `bytes` at the front of buf. Returns 0 or
 * a negative errno. */
int ipm_pump_send_rest(struct ipm_pump *pump, ssize_t moved, size_t bytes);

/* Waits for a place for so many bytes; commits what a call that moved so much has left of them.
 * Return 0 or a negative errno. */
int ipm_pump_lease(struct ipm_pump *pump, size_t bytes, void **ret_place);
int ipm_pump_commit_rest(struct ipm_pump *pump, ssize_t moved, size_t bytes);

static inline int ipm_pump_commit(struct ipm_pump *pump, size_t bytes) {
    ssize_t moved = pump->calls.commit(pump->end, bytes);
    return moved == (ssize_t)bytes ? 0 : ipm_pump_commit_rest(pump, moved, bytes);
}

/* The one copy of a message that a sender makes who sends in place. */
static inline int ipm_pump_place(struct ipm_pump *pump) {
    void *place;
    int failed = ipm_pump_lease(pump, pump->message_bytes, &place);
    if (failed)
        return failed;
    memcpy(place, pump->buf, pump->message_bytes);
    return ipm_pump_commit(pump, pump->message_bytes);
}

enum { IPM_PUMP_LINE_BYTES = 64 };

/* One word of each line, and the last byte, are enough to bring all of them here. The sum is
 * said to be used, or the compiler would leave the reading out. */
static inline void ipm_pump_read(struct ipm_pump *pump, const unsigned char *message) {
    const size_t bytes = pump->message_bytes;
    uint64_t sum = message[bytes - 1];
    uint64_t word;
    for (size_t at = 0; at + sizeof word <= bytes; at += IPM_PUMP_LINE_BYTES) {
        memcpy(&word, message + at, sizeof word);
        sum += word;
    }
    __asm__ volatile("" : : "r"(sum));
}

#endif
