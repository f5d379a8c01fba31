/* recv.c - the loops that receive, and how they handle what arrived. */
#include "run/pump/loops.h"

#include "run/process/stop.h"

#include <errno.h>
#include <string.h>

/* Counts a call of recv. Returns 1 when it moved something or may be repeated, 0 at
 * the end, or a negative errno. */
static int recv_count_call(struct ipm_pump *pump, ssize_t moved, size_t offered) {
    pump->counts.calls++;
    pump->counts.partial_calls += moved != (ssize_t)offered;
    if (moved >= 0)
        return moved > 0;
    int reason = ipm_pump_classify_error(pump, moved);
    return reason < 0 ? reason : 1;
}

int ipm_pump_recv_stream(struct ipm_pump *pump) {
    const uint64_t wanted_bytes = pump->messages * pump->message_bytes;
    const size_t offered = pump->recv_bytes;
    int more = 1;
    while (pump->counts.bytes < wanted_bytes && more > 0 && !ipm_stop_flag) {
        ssize_t moved = pump->calls.recv(pump->end, pump->buf, offered);
        more = recv_count_call(pump, moved, offered);
        pump->counts.bytes += moved > 0 ? (size_t)moved : 0;
    }
    pump->counts.messages = pump->counts.bytes / pump->message_bytes;
    return more < 0 ? more : 0;
}

/* Handles a message that does not have the length that was sent. */
static int recv_take_odd(struct ipm_pump *pump, size_t moved) {
    if (moved > pump->message_bytes)
        return -EMSGSIZE;
    pump->counts.messages++;
    pump->counts.bytes += moved;
    pump->tracker.damage.corrupt_messages++;
    return 0;
}

int ipm_pump_recv_odd(struct ipm_pump *pump, ssize_t moved) {
    int failed = moved > 0 ? recv_take_odd(pump, (size_t)moved) : 0;
    return failed ? failed : recv_count_call(pump, moved, pump->message_bytes);
}

void ipm_pump_count_partial(struct ipm_counts *counts) {
    counts->partial_calls =
        counts->calls > counts->messages ? counts->calls - counts->messages : 0;
}

void ipm_pump_count_whole(struct ipm_pump *pump, uint64_t messages) {
    pump->counts.messages += messages;
    pump->counts.calls += messages;
    pump->counts.bytes += messages * pump->message_bytes;
}

int ipm_pump_recv_messages(struct ipm_pump *pump) {
    ssize_t (*const recv)(struct ipm_endpoint *, void *, size_t) = pump->calls.recv;
    const size_t bytes = pump->message_bytes;
    uint64_t left = pump->messages;
    int more = 1;
    while (left > 0 && !ipm_stop_flag) {
        ssize_t moved = recv(pump->end, pump->buf, bytes);
        if (moved == (ssize_t)bytes)
            left--;
        else if ((more = ipm_pump_recv_odd(pump, moved)) <= 0)
            break;
    }
    ipm_pump_count_whole(pump, pump->messages - left);
    return more < 0 ? more : 0;
}

int ipm_pump_recv_numbered(struct ipm_pump *pump) {
    struct ipm_tracker *const tracker = &pump->tracker;
    const size_t bytes = pump->message_bytes;
    uint64_t whole = 0;
    int more = 1;
    while (tracker->distinct < pump->messages && !ipm_stop_flag) {
        ssize_t moved = pump->calls.recv(pump->end, pump->buf, bytes);
        if (moved == (ssize_t)bytes) {
            whole++;
            ipm_tracker_note(tracker, ipm_payload_read(pump->buf, bytes, tracker->next));
        } else if ((more = ipm_pump_recv_odd(pump, moved)) <= 0) {
            break;
        }
    }
    ipm_pump_count_whole(pump, whole);
    return more < 0 ? more : 0;
}

/* Returns how many messages may still arrive, at most a batch; 0 at the end. */
static unsigned recv_left(const struct ipm_pump *pump) {
    const uint64_t came = pump->numbered ? pump->tracker.distinct : pump->counts.messages;
    const uint64_t left = came < pump->messages ? pump->messages - came : 0;
    return left < pump->batch ? (unsigned)left : pump->batch;
}

/* Returns 1 to go on, 0 at a mark, after which nothing follows, or a negative errno. */
static int recv_take_batch(struct ipm_pump *pump, unsigned count) {
    const unsigned char *at = pump->buf;
    for (unsigned i = 0; i < count; i++, at += pump->message_bytes) {
        int failed = 0;
        if (pump->lens[i] == 0)
            return 0;
        if (pump->lens[i] != pump->message_bytes) {
            failed = recv_take_odd(pump, pump->lens[i]);
        } else {
            pump->on_message(pump, at);
            pump->counts.messages++;
            pump->counts.bytes += pump->message_bytes;
        }
        if (failed)
            return failed;
    }
    return 1;
}

int ipm_pump_recv_batch(struct ipm_pump *pump) {
    const unsigned count = recv_left(pump);
    if (count == 0)
        return 0;
    ssize_t moved = pump->calls.recv_batch(pump->end, pump->buf, pump->message_bytes,
                                           count, pump->lens);
    const int more = recv_count_call(pump, moved, count);
    if (moved > (ssize_t)pump->batch)
        return -EMSGSIZE; /* of a plugin */
    return moved > 0 ? recv_take_batch(pump, (unsigned)moved) : more;
}

int ipm_pump_pulled(struct ipm_pump *pump, ssize_t moved, size_t offered) {
    int more = recv_count_call(pump, moved, offered);
    if (moved > (ssize_t)offered)
        return -EMSGSIZE; /* or a plugin says so */
    int failed = moved > 0 ? pump->take(pump, (size_t)moved) : 0;
    return failed ? failed : more;
}

int ipm_pump_recv_once(struct ipm_pump *pump) {
    const size_t offered = pump->recv_bytes - pump->pending_bytes;
    ssize_t moved = pump->calls.recv(pump->end, pump->buf + pump->pending_bytes, offered);
    return ipm_pump_pulled(pump, moved, offered);
}

/* A message of the wrong length is released as well. */
int ipm_pump_borrowed_odd(struct ipm_pump *pump, ssize_t moved) {
    const int more = ipm_pump_recv_odd(pump, moved);
    if (moved > 0)
        (void)pump->calls.release(pump->end); /* more says already what happened */
    return more;
}

/* Returns 2 for a whole message, which the caller counts; otherwise as recv_once. */
static inline int recv_borrowed(struct ipm_pump *pump, ipm_pump_on_message *read) {
    const void *message = NULL;
    ssize_t moved = pump->calls.borrow(pump->end, &message);
    if (moved != (ssize_t)pump->message_bytes)
        return ipm_pump_borrowed_odd(pump, moved);
    if (!message)
        return -EFAULT; /* of a plugin */
    read(pump, message);
    return pump->calls.release(pump->end) == 0 ? 2 : -errno;
}

int ipm_pump_recv_once_placed(struct ipm_pump *pump) {
    const int more = recv_borrowed(pump, pump->on_message);
    if (more == 2)
        ipm_pump_count_whole(pump, 1);
    return more;
}

int ipm_pump_recv_all_placed(struct ipm_pump *pump) {
    uint64_t left = pump->messages;
    int more = 1;
    while (left > 0 && more > 0 && !ipm_stop_flag) {
        more = recv_borrowed(pump, ipm_pump_read);
        left -= more == 2;
    }
    ipm_pump_count_whole(pump, pump->messages - left);
    return more < 0 ? more : 0;
}

/* Inlined into each caller. recv_once handles a message of another length, and an end or an error
 * counts as a call of it. */
static inline int recv_series(struct ipm_pump *pump, bool copies) {
    const size_t bytes = pump->message_bytes;
    uint64_t left = pump->messages;
    int more = 1;
    while (left > 0 && more > 0 && !ipm_stop_flag) {
        const unsigned count = left < IPM_PUMP_SERIES ? (unsigned)left : IPM_PUMP_SERIES;
        const void *first = NULL;
        size_t stride = 0;
        const ssize_t came =
            pump->calls.borrow_series(pump->end, bytes, count, &first, &stride);
        if (came > 0 && !first)
            return -EFAULT; /* of a plugin */
        if (came > (ssize_t)count)
            return -EMSGSIZE; /* of a plugin */
        if (came <= 0) {
            more = came < 0 && errno == EMSGSIZE ? pump->recv_once(pump)
                                                 : ipm_pump_recv_odd(pump, came);
            continue;
        }
        const unsigned char *message = first;
        for (ssize_t i = 0; i < came; i++, message += stride) {
            if (copies)
                memcpy(pump->buf, message, bytes);
            else
                ipm_work_read(message, bytes);
        }
        left -= (uint64_t)came;
        if (pump->calls.release_series(pump->end, (unsigned)came) != 0)
            more = -errno;
    }
    ipm_pump_count_whole(pump, pump->messages - left);
    return more < 0 ? more : 0;
}

int ipm_pump_recv_series_placed(struct ipm_pump *pump) {
    return recv_series(pump, false);
}

int ipm_pump_recv_series_copied(struct ipm_pump *pump) {
    return recv_series(pump, true);
}

int ipm_pump_recv_each(struct ipm_pump *pump) {
    int more = 1;
    while (recv_left(pump) > 0 && more > 0 && !ipm_stop_flag)
        more = pump->recv_once(pump);
    return more < 0 ? more : 0;
}

int ipm_pump_recv_until(struct ipm_pump *pump, uint64_t wanted) {
    int more = 1;
    while (pump->counts.messages < wanted && more > 0)
        more = ipm_stop_flag ? -EINTR : pump->recv_once(pump);
    return more > 0 ? 0 : more == 0 ? -EPIPE : more;
}

int ipm_pump_take_bytes(struct ipm_pump *pump, size_t moved) {
    pump->counts.bytes += moved;
    pump->counts.messages = pump->counts.bytes / pump->message_bytes;
    return 0;
}

int ipm_pump_take_message(struct ipm_pump *pump, size_t moved) {
    if (moved != pump->message_bytes)
        return recv_take_odd(pump, moved);
    pump->on_message(pump, pump->buf);
    pump->counts.messages++;
    pump->counts.bytes += moved;
    return 0;
}

static void recv_take_frame(struct ipm_pump *pump, const unsigned char *at,
                            const struct ipm_frame *frame,
                            ipm_pump_on_message *on_message) {
    if (frame->contents_bytes == pump->message_bytes)
        on_message(pump, at + frame->contents_offset);
    else
        pump->tracker.damage.corrupt_messages++;
    pump->counts.messages++;
    pump->counts.bytes += frame->contents_bytes;
    pump->framing_bytes += frame->frame_bytes - frame->contents_bytes;
}

/* Handles every whole message at the front of the buffer and moves the rest to the
 * front. Inlined into each caller together with the on_message it passes. */
static inline int recv_take_frames(struct ipm_pump *pump, size_t moved,
                                   ipm_pump_on_message *on_message) {
    const size_t filled = pump->pending_bytes + moved;
    struct ipm_frame frame;
    size_t at = 0;
    int found;
    while ((found = pump->framing->find(&pump->framer, pump->buf + at, filled - at,
                                        &frame)) == 1) {
        recv_take_frame(pump, pump->buf + at, &frame, on_message);
        at += frame.frame_bytes;
    }
    pump->pending_bytes = filled - at;
    if (at > 0)
        memmove(pump->buf, pump->buf + at, pump->pending_bytes);
    return found;
}

int ipm_pump_take_frames(struct ipm_pump *pump, size_t moved) {
    return recv_take_frames(pump, moved, ipm_pump_on_message_nothing);
}

int ipm_pump_take_frames_noted(struct ipm_pump *pump, size_t moved) {
    return recv_take_frames(pump, moved, pump->on_message);
}

void ipm_pump_on_message_nothing(struct ipm_pump *pump, const unsigned char *contents) {
    (void)pump;
    (void)contents;
}

void ipm_pump_on_message_read(struct ipm_pump *pump, const unsigned char *contents) {
    ipm_pump_read(pump, contents);
}

void ipm_pump_on_message_number(struct ipm_pump *pump, const unsigned char *contents) {
    ipm_tracker_note(&pump->tracker,
                     ipm_payload_read(contents, pump->message_bytes, pump->tracker.next));
}

/* Cleaned contents no longer match their hash, and their number may have changed. They
 * are compared with the next message, with the one in this position (after a corrupt
 * one), and with the one whose number they carry (after a loss). */
static bool recv_is_cleaned(struct ipm_pump *pump, const unsigned char *contents,
                            uint64_t *ret_sequence) {
    const size_t bytes = pump->message_bytes;
    const uint64_t guesses[] = {pump->tracker.next, pump->counts.messages,
                                ipm_payload_read(contents, bytes, pump->tracker.next)};
    for (size_t i = 0; i < sizeof guesses / sizeof *guesses; i++) {
        ipm_payload_fill(pump->awaited, bytes, pump->seed, guesses[i]);
        pump->framing->clean(pump->awaited, bytes);
        *ret_sequence = guesses[i];
        if (memcmp(contents, pump->awaited, bytes) == 0)
            return true;
    }
    return false;
}

void ipm_pump_on_message_contents(struct ipm_pump *pump, const unsigned char *contents) {
    uint64_t sequence = 0;
    const bool whole = pump->awaited
                           ? recv_is_cleaned(pump, contents, &sequence)
                           : ipm_payload_check(contents, pump->message_bytes, pump->seed,
                                               pump->tracker.next, &sequence);
    if (whole)
        ipm_tracker_note(&pump->tracker, sequence);
    else
        pump->tracker.damage.corrupt_messages++;
}

/* If fewer messages arrived than were sent, the stream ended early if recv reports the end;
 * otherwise messages were lost. */
int ipm_pump_recv(struct ipm_pump *pump) {
    int failed = pump->recv_all(pump);
    if (failed || pump->counts.messages >= pump->messages)
        return failed;
    if (ipm_stop_flag)
        return -EINTR;
    return (pump->end->ops->caps & IPM_CAP_CONNECTED) != 0 ? -EPIPE : 0;
}
