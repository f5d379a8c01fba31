/* pump.c - the loops of the measured window. Knows no transport, no clock, no process. */
#include "run/pump.h"

#include "run/stop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PUMP_ALIGN = 4096 };

/* A call that moved nothing, right after it: 0 says try again, else why to leave. A peer
 * that dies with bytes unread resets the connection (tcp(7), unix(7)), and one that is gone
 * before a datagram arrives refuses it (udp(7)). */
static int pump_weigh(const struct ipm_pump *pump, ssize_t result) {
    const int reason = result < 0 ? errno : 0;
    if (ipm_stop_flag)
        return -EINTR;
    if (reason == EINTR || (reason == EAGAIN && pump->spin))
        return 0;
    return reason == ECONNRESET || reason == ECONNREFUSED ? -EPIPE : -reason;
}

/* The rest of a message, after a call that did not take all of it. A message ends with one
 * call that takes all it is offered, so that calls are messages + partial_calls. */
static int pump_send_rest(struct ipm_pump *pump, ssize_t moved) {
    const unsigned char *at = pump->buf;
    size_t left = pump->message_bytes;
    while (moved != (ssize_t)left) {
        pump->counts.partial_calls++;
        if (moved <= 0) {
            int reason = pump_weigh(pump, moved);
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

static void pump_count_sent(struct ipm_pump *pump, uint64_t messages) {
    pump->counts.messages = messages;
    pump->counts.bytes = messages * pump->message_bytes;
    pump->counts.calls = messages + pump->counts.partial_calls;
}

/* What a loop needs is in locals, because the call might change anything else. */
static int pump_send_plain(struct ipm_pump *pump) {
    ssize_t (*const send)(struct ipm_end *, const void *, size_t) = pump->send;
    const size_t bytes = pump->message_bytes;
    uint64_t left = pump->messages;
    int failed = 0;
    while (left > 0 && !ipm_stop_flag) {
        ssize_t moved = send(pump->end, pump->buf, bytes);
        if (moved != (ssize_t)bytes && (failed = pump_send_rest(pump, moved)) != 0)
            break;
        left--;
    }
    pump_count_sent(pump, pump->messages - left);
    return failed;
}

static int pump_send_numbered(struct ipm_pump *pump) {
    const size_t bytes = pump->message_bytes;
    uint64_t sequence = 0;
    int failed = 0;
    while (sequence < pump->messages && !ipm_stop_flag) {
        ipm_payload_number(pump->buf, bytes, sequence);
        ssize_t moved = pump->send(pump->end, pump->buf, bytes);
        if (moved != (ssize_t)bytes && (failed = pump_send_rest(pump, moved)) != 0)
            break;
        sequence++;
    }
    pump_count_sent(pump, sequence);
    return failed;
}

static int pump_send_verified(struct ipm_pump *pump) {
    uint64_t sequence = 0;
    int failed = 0;
    while (sequence < pump->messages && !ipm_stop_flag) {
        ipm_payload_fill(pump->buf, pump->message_bytes, pump->seed, sequence);
        ssize_t moved = pump->send(pump->end, pump->buf, pump->message_bytes);
        failed = pump_send_rest(pump, moved);
        if (failed)
            break;
        sequence++;
    }
    pump_count_sent(pump, sequence);
    return failed;
}

/* Counts a call of recv: 1 when it moved something or may be made again, 0 at the end, or
 * why to leave. */
static int pump_count_call(struct ipm_pump *pump, ssize_t moved, size_t offered) {
    pump->counts.calls++;
    pump->counts.partial_calls += moved != (ssize_t)offered;
    if (moved >= 0) {
        pump->counts.bytes += (size_t)moved;
        return moved > 0;
    }
    int reason = pump_weigh(pump, moved);
    return reason < 0 ? reason : 1;
}

static int pump_recv_stream(struct ipm_pump *pump) {
    const uint64_t wanted_bytes = pump->messages * pump->message_bytes;
    const size_t offered = pump->recv_bytes;
    int more = 1;
    while (pump->counts.bytes < wanted_bytes && more > 0 && !ipm_stop_flag) {
        ssize_t moved = pump->recv(pump->end, pump->buf, offered);
        more = pump_count_call(pump, moved, offered);
    }
    pump->counts.messages = pump->counts.bytes / pump->message_bytes;
    return more < 0 ? more : 0;
}

/* A message that is not of the one length that was sent, or no message. */
static int pump_recv_odd(struct ipm_pump *pump, ssize_t moved) {
    if (moved > (ssize_t)pump->message_bytes)
        return -EMSGSIZE;
    if (moved > 0) {
        pump->counts.messages++;
        pump->tracker.damage.corrupt_messages++;
    }
    return pump_count_call(pump, moved, pump->message_bytes);
}

static void pump_count_whole(struct ipm_pump *pump, uint64_t messages) {
    pump->counts.messages += messages;
    pump->counts.calls += messages;
    pump->counts.bytes += messages * pump->message_bytes;
}

static int pump_recv_messages(struct ipm_pump *pump) {
    ssize_t (*const recv)(struct ipm_end *, void *, size_t) = pump->recv;
    const size_t bytes = pump->message_bytes;
    uint64_t left = pump->messages;
    int more = 1;
    while (left > 0 && !ipm_stop_flag) {
        ssize_t moved = recv(pump->end, pump->buf, bytes);
        if (moved == (ssize_t)bytes)
            left--;
        else if ((more = pump_recv_odd(pump, moved)) <= 0)
            break;
    }
    pump_count_whole(pump, pump->messages - left);
    return more < 0 ? more : 0;
}

static int pump_recv_numbered(struct ipm_pump *pump) {
    struct ipm_tracker *const tracker = &pump->tracker;
    const size_t bytes = pump->message_bytes;
    uint64_t whole = 0;
    int more = 1;
    while (tracker->distinct < pump->messages && !ipm_stop_flag) {
        ssize_t moved = pump->recv(pump->end, pump->buf, bytes);
        if (moved == (ssize_t)bytes) {
            whole++;
            ipm_tracker_note(tracker, ipm_payload_read(pump->buf, bytes, tracker->next));
        } else if ((more = pump_recv_odd(pump, moved)) <= 0) {
            break;
        }
    }
    pump_count_whole(pump, whole);
    return more < 0 ? more : 0;
}

static void pump_check(struct ipm_pump *pump, const unsigned char *message) {
    uint64_t sequence = 0;
    pump->counts.messages++;
    if (ipm_payload_check(message, pump->message_bytes, pump->seed, pump->tracker.next,
                          &sequence))
        ipm_tracker_note(&pump->tracker, sequence);
    else
        pump->tracker.damage.corrupt_messages++;
}

static int pump_recv_messages_verified(struct ipm_pump *pump) {
    const size_t bytes = pump->message_bytes;
    int more = 1;
    while (pump->counts.messages < pump->messages && more > 0 && !ipm_stop_flag) {
        ssize_t moved = pump->recv(pump->end, pump->buf, bytes);
        if (moved != (ssize_t)bytes) {
            more = pump_recv_odd(pump, moved);
            continue;
        }
        more = pump_count_call(pump, moved, bytes);
        pump_check(pump, pump->buf);
    }
    return more < 0 ? more : 0;
}

/* Checks every whole message at the front of the buffer and moves what is left there. */
static void pump_check_whole(struct ipm_pump *pump, size_t filled) {
    size_t at = 0;
    for (; filled - at >= pump->message_bytes; at += pump->message_bytes)
        pump_check(pump, pump->buf + at);
    memmove(pump->buf, pump->buf + at, filled - at);
    pump->pending_bytes = filled - at;
}

static int pump_recv_stream_verified(struct ipm_pump *pump) {
    int more = 1;
    while (pump->counts.messages < pump->messages && more > 0 && !ipm_stop_flag) {
        size_t offered = pump->recv_bytes - pump->pending_bytes;
        ssize_t moved = pump->recv(pump->end, pump->buf + pump->pending_bytes, offered);
        more = pump_count_call(pump, moved, offered);
        if (moved > 0)
            pump_check_whole(pump, pump->pending_bytes + (size_t)moved);
    }
    return more < 0 ? more : 0;
}

/* A verified message must fit whole into the buffer, whatever a call offers. */
static void pump_choose(struct ipm_pump *pump, const struct ipm_pump_config *config) {
    const unsigned caps = pump->end->ops->caps;
    const bool messages = (caps & IPM_CAP_MESSAGES) != 0;
    const bool numbered = (caps & IPM_CAP_RELIABLE) == 0;
    if (config->verify && (caps & IPM_CAP_HOLLOW) == 0) {
        pump->send_all = pump_send_verified;
        pump->recv_all =
            messages ? pump_recv_messages_verified : pump_recv_stream_verified;
        if (pump->recv_bytes < pump->message_bytes)
            pump->recv_bytes = pump->message_bytes;
        return;
    }
    pump->send_all = numbered ? pump_send_numbered : pump_send_plain;
    pump->recv_all = numbered   ? pump_recv_numbered
                     : messages ? pump_recv_messages
                                : pump_recv_stream;
}

int ipm_pump_init(struct ipm_pump *pump, struct ipm_end *end,
                  const struct ipm_pump_config *config) {
    *pump = (struct ipm_pump){.end = end,
                              .send = end->ops->send,
                              .recv = end->ops->recv,
                              .message_bytes = config->message_bytes,
                              .recv_bytes = config->recv_bytes,
                              .messages = config->messages,
                              .seed = config->seed,
                              .spin = config->spin};
    pump_choose(pump, config);
    ipm_tracker_init(&pump->tracker, config->messages);
    size_t bytes =
        pump->recv_bytes > pump->message_bytes ? pump->recv_bytes : pump->message_bytes;
    void *buf = NULL;
    if (posix_memalign(&buf, PUMP_ALIGN, bytes) != 0)
        return -ENOMEM;
    memset(buf, 0x5a, bytes);
    pump->buf = buf;
    return 0;
}

void ipm_pump_done(struct ipm_pump *pump) {
    free(pump->buf);
    pump->buf = NULL;
}

int ipm_pump_send(struct ipm_pump *pump) {
    int failed = pump->send_all(pump);
    return failed || pump->counts.messages == pump->messages ? failed : -EINTR;
}

/* Fewer messages than were sent is an early end where recv tells ends apart, and a loss
 * where it does not. */
int ipm_pump_recv(struct ipm_pump *pump) {
    int failed = pump->recv_all(pump);
    if (failed || pump->counts.messages >= pump->messages)
        return failed;
    if (ipm_stop_flag)
        return -EINTR;
    return (pump->end->ops->caps & IPM_CAP_CONNECTED) != 0 ? -EPIPE : 0;
}
