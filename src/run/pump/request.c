/* request.c - requests and responses: one message each way at a time. */
#include "run/pump/loops.h"

#include "base/clock.h"
#include "run/process/stop.h"

#include <errno.h>
#include <time.h>

/* One reading a round trip: the end of one is the start of the next. */
static uint64_t request_record(struct ipm_pump *pump, uint64_t began_ns) {
    const uint64_t now_ns = ipm_clock_now_ns();
    ipm_histogram_record(pump->latency, now_ns - began_ns);
    return now_ns;
}

/* Sleeps, or, where everything else is polled for, too, burns the time. Returns when it is
 * over. */
static uint64_t request_think(const struct ipm_pump *pump, uint64_t now_ns) {
    const uint64_t think_ns = pump->config->think_ns;
    const uint64_t until_ns = now_ns + think_ns;
    const struct timespec pause = {.tv_sec = (time_t)(think_ns / 1000000000u),
                                   .tv_nsec = (long)(think_ns % 1000000000u)};
    const bool spins = pump->config->spin;
    if (!spins)
        (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &pause,
                              NULL); /* cut short by a wish to stop */
    now_ns = ipm_clock_now_ns();
    while (spins && now_ns < until_ns && !ipm_stop_flag)
        now_ns = ipm_clock_now_ns();
    return now_ns;
}

/* --- how one message goes and comes ------------------------------------------------------ */

typedef int request_step(struct ipm_pump *pump, uint64_t sequence);

/* Whatever it is: stamped, framed, looked at, in place. */
static int request_send(struct ipm_pump *out, uint64_t sequence) {
    return out->send_step(out, sequence, 1);
}

static int request_await(struct ipm_pump *in, uint64_t sequence) {
    return ipm_pump_recv_until(in, sequence + 1);
}

/* A message that stays as it is and that nobody looks into: between the two calls of a side there
 * is nothing but the comparison of a length. What is counted is counted later. */
static bool request_is_plain(const struct ipm_pump *out, const struct ipm_pump *in) {
    return out->send_step == ipm_pump_send_group &&
           out->stamp == ipm_pump_stamp_nothing && in->recv_once == ipm_pump_recv_once &&
           (in->take == ipm_pump_take_bytes ||
            (in->take == ipm_pump_take_message &&
             in->on_message == ipm_pump_on_message_nothing));
}

static int request_send_plain(struct ipm_pump *out, uint64_t sequence) {
    const size_t bytes = out->message_bytes;
    (void)sequence;
    ssize_t moved = out->calls.send(out->end, out->buf, bytes);
    return moved == (ssize_t)bytes ? 0 : ipm_pump_send_rest(out, moved, bytes);
}

/* Those not yet counted came whole, each by one call. */
static void request_catch_up(struct ipm_pump *in, uint64_t messages) {
    if (messages > in->counts.messages)
        ipm_pump_count_whole(in, messages - in->counts.messages);
}

/* After a part of a message, or a call that moved nothing: `more` is what recv_once says of it.
 * More than one message is more than was asked for. */
static int request_await_rest(struct ipm_pump *in, uint64_t sequence, int more) {
    if (more <= 0)
        return more < 0 ? more : -EPIPE;
    more = ipm_pump_recv_until(in, sequence + 1);
    return more == 0 && in->counts.messages > sequence + 1 ? -EMSGSIZE : more;
}

static int request_await_plain(struct ipm_pump *in, uint64_t sequence) {
    if (ipm_stop_flag)
        return -EINTR;
    ssize_t moved = in->calls.recv(in->end, in->buf, in->recv_bytes);
    if (moved == (ssize_t)in->message_bytes)
        return 0;
    request_catch_up(in, sequence);
    return request_await_rest(in, sequence, ipm_pump_pulled(in, moved, in->recv_bytes));
}

/* The same in place: nobody looks into it beyond bringing it here. */
static bool request_is_placed(const struct ipm_pump *out, const struct ipm_pump *in) {
    return out->send_step == ipm_pump_send_placed &&
           in->on_message == ipm_pump_on_message_read;
}

static int request_send_placed(struct ipm_pump *out, uint64_t sequence) {
    (void)sequence;
    return ipm_pump_place(out);
}

static int request_await_placed(struct ipm_pump *in, uint64_t sequence) {
    if (ipm_stop_flag)
        return -EINTR;
    const void *message;
    ssize_t moved = in->calls.borrow(in->end, &message);
    if (moved == (ssize_t)in->message_bytes) {
        ipm_pump_read(in, message);
        return in->calls.release(in->end) == 0 ? 0 : -errno;
    }
    request_catch_up(in, sequence);
    return request_await_rest(in, sequence, ipm_pump_borrowed_odd(in, moved));
}

/* --- one after the other ----------------------------------------------------------------- */

/* Inlined, with the steps it is given. A requester sends first, and takes the time of each round
 * trip. Returns how many there were. */
static inline uint64_t request_by(struct ipm_pump *pump, bool requests,
                                  request_step *send, request_step *await,
                                  int *ret_failed) {
    const bool thinks = pump->config->think_ns > 0;
    uint64_t now_ns = requests ? ipm_clock_now_ns() : 0;
    uint64_t sequence = 0;
    int failed = 0;
    while (sequence < pump->messages) {
        if (requests)
            failed = ipm_stop_flag ? -EINTR : send(pump, sequence);
        else
            failed = await(pump, sequence);
        if (!failed)
            failed = requests ? await(pump->back, sequence) : send(pump->back, sequence);
        if (failed)
            break;
        sequence++;
        if (requests)
            now_ns = request_record(pump, now_ns);
        if (requests && thinks && sequence < pump->messages)
            now_ns = request_think(pump, now_ns);
    }
    *ret_failed = failed;
    return sequence;
}

/* A call of recv that ended a message was whole, however much it offered. */
static inline int request_run(struct ipm_pump *pump, bool requests) {
    struct ipm_pump *const out = requests ? pump : pump->back;
    struct ipm_pump *const in = requests ? pump->back : pump;
    uint64_t messages;
    int failed;
    if (request_is_plain(out, in))
        messages =
            request_by(pump, requests, request_send_plain, request_await_plain, &failed);
    else if (request_is_placed(out, in))
        messages = request_by(pump, requests, request_send_placed, request_await_placed,
                              &failed);
    else
        messages = request_by(pump, requests, request_send, request_await, &failed);
    request_catch_up(in, messages);
    ipm_pump_count_sent(out, messages, messages);
    in->counts.partial_calls = in->counts.calls - in->counts.messages;
    return failed;
}

int ipm_pump_request(struct ipm_pump *pump) {
    return request_run(pump, true);
}

int ipm_pump_respond(struct ipm_pump *pump) {
    return request_run(pump, false);
}
