/* send.c - the loops that send. */
#include "run/pump/loops.h"

#include "run/process/stop.h"

#include <errno.h>

/* The loop ends with a call that takes all that is left, so calls = groups + partial_calls. */
int ipm_pump_send_rest(struct ipm_pump *pump, ssize_t moved, size_t bytes) {
    const unsigned char *at = pump->buf;
    size_t left = bytes;
    while (moved != (ssize_t)left) {
        pump->counts.partial_calls++;
        if (moved <= 0) {
            int reason = ipm_pump_classify_error(pump, moved);
            if (reason < 0)
                return reason;
        } else if ((size_t)moved > left) {
            return -EMSGSIZE; /* of a plugin */
        } else {
            at += moved;
            left -= (size_t)moved;
        }
        moved = pump->calls.send(pump->end, at, left);
    }
    return 0;
}

void ipm_pump_count_sent(struct ipm_pump *pump, uint64_t messages, uint64_t groups) {
    pump->counts.messages = messages;
    pump->counts.bytes = messages * pump->message_bytes;
    pump->counts.calls = groups + pump->counts.partial_calls;
}

/* Sends one unchanged message per call. The loop keeps its state in locals, because
 * the compiler must assume that the call changes anything else. */
int ipm_pump_send_plain(struct ipm_pump *pump) {
    ssize_t (*const send)(struct ipm_endpoint *, const void *, size_t) = pump->calls.send;
    const size_t bytes = pump->frame_bytes;
    uint64_t left = pump->messages;
    int failed = 0;
    while (left > 0 && !ipm_stop_flag) {
        ssize_t moved = send(pump->end, pump->buf, bytes);
        if (moved != (ssize_t)bytes &&
            (failed = ipm_pump_send_rest(pump, moved, bytes)) != 0)
            break;
        left--;
    }
    ipm_pump_count_sent(pump, pump->messages - left, pump->messages - left);
    return failed;
}

/* Each message counts as a call, as without send_series. */
int ipm_pump_send_series(struct ipm_pump *pump) {
    const size_t bytes = pump->message_bytes;
    uint64_t left = pump->messages;
    int reason = 0;
    while (left > 0 && reason == 0 && !ipm_stop_flag) {
        const unsigned count = left < IPM_PUMP_SERIES ? (unsigned)left : IPM_PUMP_SERIES;
        ssize_t moved = pump->calls.send_series(pump->end, pump->buf, bytes, count);
        if (moved > (ssize_t)count)
            return -EMSGSIZE; /* of a plugin */
        if (moved > 0) {
            left -= (uint64_t)moved;
        } else {
            pump->counts.partial_calls++;
            reason = ipm_pump_classify_error(pump, moved);
        }
    }
    ipm_pump_count_sent(pump, pump->messages - left, pump->messages - left);
    return reason;
}

int ipm_pump_send_group(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    const size_t bytes = count * pump->frame_bytes;
    pump->stamp(pump, sequence, count);
    ssize_t moved = pump->calls.send(pump->end, pump->buf, bytes);
    return moved == (ssize_t)bytes ? 0 : ipm_pump_send_rest(pump, moved, bytes);
}

/* Waits for space for `bytes`. Returns 0 or a negative errno. */
static int send_lease(struct ipm_pump *pump, size_t bytes, void **ret_place) {
    for (;;) {
        ssize_t most = pump->calls.lease(pump->end, ret_place);
        if (most >= 0)
            return (size_t)most < bytes ? -EMSGSIZE : *ret_place ? 0 : -EFAULT;
        pump->counts.partial_calls++;
        int reason = ipm_pump_classify_error(pump, most);
        if (reason < 0)
            return reason;
    }
}

static int send_commit(struct ipm_pump *pump, size_t bytes) {
    ssize_t moved;
    for (size_t left = bytes;
         (moved = pump->calls.commit(pump->end, left)) != (ssize_t)left;) {
        int reason = moved > 0 ? 0 : ipm_pump_classify_error(pump, moved);
        if (reason < 0 || moved > (ssize_t)left)
            return reason < 0 ? reason : -EMSGSIZE;
        pump->counts.partial_calls++;
        left -= moved > 0 ? (size_t)moved : 0;
    }
    return 0;
}

int ipm_pump_send_leased(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    const size_t bytes = count * pump->frame_bytes;
    void *place = NULL;
    int failed = send_lease(pump, bytes, &place);
    if (failed)
        return failed;
    pump->buf = place;
    pump->stamp(pump, sequence, count);
    return send_commit(pump, bytes);
}

/* Sends a batch of messages with boundaries. A call may take fewer messages, but only whole ones. */
int ipm_pump_send_batch(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    const size_t bytes = pump->message_bytes;
    unsigned sent = 0;
    pump->stamp(pump, sequence, count);
    for (;;) {
        ssize_t moved = pump->calls.send_batch(pump->end, pump->buf + sent * bytes, bytes,
                                               count - sent);
        if (moved == (ssize_t)(count - sent))
            return 0;
        pump->counts.partial_calls++;
        int reason = moved > 0 ? 0 : ipm_pump_classify_error(pump, moved);
        if (reason < 0 || moved > (ssize_t)(count - sent))
            return reason < 0 ? reason : -EMSGSIZE;
        sent += moved > 0 ? (unsigned)moved : 0;
    }
}

/* Inlined into each caller together with its step. The last group may be smaller. */
static inline int send_by(struct ipm_pump *pump, unsigned batch, ipm_pump_step *step) {
    uint64_t sequence = 0;
    uint64_t groups = 0;
    int failed = 0;
    while (sequence < pump->messages && !ipm_stop_flag) {
        const uint64_t left = pump->messages - sequence;
        const unsigned count = batch == 1 || left > batch ? batch : (unsigned)left;
        failed = step(pump, sequence, count);
        if (failed)
            break;
        sequence += count;
        groups++;
    }
    ipm_pump_count_sent(pump, sequence, groups);
    return failed;
}

int ipm_pump_send_groups(struct ipm_pump *pump) {
    return send_by(pump, pump->batch, pump->send_step);
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

/* Rewrites only the framing: the contents are still there, but the bytes around them may be from an
 * earlier use. */
void ipm_pump_stamp_frames(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    (void)sequence;
    for (unsigned i = 0; i < count; i++)
        pump->framing->wrap(pump->buf + i * pump->frame_bytes, pump->message_bytes);
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
