/* send.c - the loops that send. Know no transport, no clock, no process. */
#include "run/pump/loops.h"

#include "run/process/stop.h"

#include <errno.h>

/* The rest of what a call was given, after one that did not take all of it. It ends with
 * one call that takes all it is offered, so that calls are groups + partial_calls. */
int ipm_pump_send_rest(struct ipm_pump *pump, ssize_t moved, size_t bytes) {
    const unsigned char *at = pump->buf;
    size_t left = bytes;
    while (moved != (ssize_t)left) {
        pump->counts.partial_calls++;
        if (moved <= 0) {
            int reason = ipm_pump_classify_error(pump, moved);
            if (reason < 0)
                return reason;
        } else {
            at += moved;
            left -= (size_t)moved;
        }
        moved = pump->send(pump->end, at, left);
    }
    return 0;
}

static void send_count(struct ipm_pump *pump, uint64_t messages, uint64_t groups) {
    pump->counts.messages = messages;
    pump->counts.bytes = messages * pump->message_bytes;
    pump->counts.calls = groups + pump->counts.partial_calls;
}

void ipm_pump_count_sent(struct ipm_pump *pump, uint64_t messages) {
    send_count(pump, messages, messages);
}

/* So many groups, and the bytes of one. What a loop needs is in locals, because the call
 * might change anything else. Returns how many were not sent. */
static uint64_t send_groups(struct ipm_pump *pump, uint64_t groups, size_t bytes,
                            int *ret_failed) {
    ssize_t (*const send)(struct ipm_endpoint *, const void *, size_t) = pump->send;
    uint64_t left = groups;
    int failed = 0;
    while (left > 0 && !ipm_stop_flag) {
        ssize_t moved = send(pump->end, pump->buf, bytes);
        if (moved != (ssize_t)bytes &&
            (failed = ipm_pump_send_rest(pump, moved, bytes)) != 0)
            break;
        left--;
    }
    *ret_failed = failed;
    return left;
}

/* The last group is what is left. */
int ipm_pump_send_plain(struct ipm_pump *pump) {
    const uint64_t groups = pump->messages / pump->batch;
    const uint64_t rest = pump->messages % pump->batch;
    int failed = 0;
    uint64_t left = send_groups(pump, groups, pump->batch * pump->frame_bytes, &failed);
    uint64_t sent = (groups - left) * pump->batch;
    uint64_t calls = groups - left;
    if (rest > 0 && left == 0 && !failed &&
        send_groups(pump, 1, (size_t)rest * pump->frame_bytes, &failed) == 0) {
        sent += rest;
        calls++;
    }
    send_count(pump, sent, calls);
    return failed;
}

int ipm_pump_send_numbered(struct ipm_pump *pump) {
    const size_t bytes = pump->message_bytes;
    uint64_t sequence = 0;
    int failed = 0;
    while (sequence < pump->messages && !ipm_stop_flag) {
        ipm_payload_number(pump->buf, bytes, sequence);
        ssize_t moved = pump->send(pump->end, pump->buf, bytes);
        if (moved != (ssize_t)bytes &&
            (failed = ipm_pump_send_rest(pump, moved, bytes)) != 0)
            break;
        sequence++;
    }
    send_count(pump, sequence, sequence);
    return failed;
}

static unsigned send_next(const struct ipm_pump *pump, uint64_t sequence) {
    const uint64_t left = pump->messages - sequence;
    return left < pump->batch ? (unsigned)left : pump->batch;
}

int ipm_pump_send_one_group(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    const size_t bytes = count * pump->frame_bytes;
    pump->stamp(pump, sequence, count);
    ssize_t moved = pump->send(pump->end, pump->buf, bytes);
    return moved == (ssize_t)bytes ? 0 : ipm_pump_send_rest(pump, moved, bytes);
}

/* Messages that keep their boundaries: a call takes some of them, each whole. */
static int send_batch(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    const size_t bytes = pump->message_bytes;
    unsigned sent = 0;
    pump->stamp(pump, sequence, count);
    for (;;) {
        ssize_t moved =
            pump->send_batch(pump->end, pump->buf + sent * bytes, bytes, count - sent);
        if (moved == (ssize_t)(count - sent))
            return 0;
        pump->counts.partial_calls++;
        int reason = moved > 0 ? 0 : ipm_pump_classify_error(pump, moved);
        if (reason < 0)
            return reason;
        sent += moved > 0 ? (unsigned)moved : 0;
    }
}

static int send_by(struct ipm_pump *pump,
                   int (*hand_over)(struct ipm_pump *, uint64_t, unsigned)) {
    uint64_t sequence = 0;
    uint64_t groups = 0;
    int failed = 0;
    while (sequence < pump->messages && !ipm_stop_flag) {
        const unsigned count = send_next(pump, sequence);
        failed = hand_over(pump, sequence, count);
        if (failed)
            break;
        sequence += count;
        groups++;
    }
    send_count(pump, sequence, groups);
    return failed;
}

int ipm_pump_send_stamped(struct ipm_pump *pump) {
    return send_by(pump, ipm_pump_send_one_group);
}

int ipm_pump_send_batches(struct ipm_pump *pump) {
    return send_by(pump, send_batch);
}

int ipm_pump_send_one(struct ipm_pump *pump, uint64_t sequence) {
    return pump->send_one(pump, sequence, 1);
}

int ipm_pump_send(struct ipm_pump *pump) {
    int failed = pump->send_all(pump);
    return failed || pump->counts.messages == pump->messages ? failed : -EINTR;
}

void ipm_pump_stamp_nothing(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    (void)pump;
    (void)sequence;
    (void)count;
}

/* Contents stay as they are; what is around them may have been made for something else. */
void ipm_pump_stamp_frames(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    (void)sequence;
    for (unsigned i = 0; i < count; i++)
        pump->framing->wrap(pump->buf + i * pump->frame_bytes, pump->message_bytes);
}

void ipm_pump_stamp_room(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    pump->buf = pump->room(pump->end, count * pump->frame_bytes);
    pump->fill(pump, sequence, count);
}

void ipm_pump_stamp_numbers(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    unsigned char *contents = pump->buf + pump->framing->head_bytes;
    for (unsigned i = 0; i < count; i++)
        ipm_payload_number(contents + i * pump->frame_bytes, pump->message_bytes,
                           sequence + i);
}

void ipm_pump_stamp_contents(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    const struct ipm_framing *framing = pump->framing;
    for (unsigned i = 0; i < count; i++) {
        unsigned char *frame = pump->buf + i * pump->frame_bytes;
        unsigned char *contents = frame + framing->head_bytes;
        ipm_payload_fill(contents, pump->message_bytes, pump->seed, sequence + i);
        if (framing->clean)
            framing->clean(contents, pump->message_bytes);
        framing->wrap(frame, pump->message_bytes);
    }
}
