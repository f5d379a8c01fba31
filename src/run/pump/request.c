/* request.c - requests and responses, one at a time or with several requests outstanding.
 * request_paced.c sends requests by a schedule; request_retry.c sends lost ones again. */
#include "run/pump/loops.h"

#include "base/clock.h"
#include "run/process/stop.h"

#include <errno.h>

/* --- how one message goes and comes ------------------------------------------------------ */

typedef int request_step(struct ipm_pump *pump, uint64_t sequence);

/* The general case: stamped, framed, checked, in place. */
static int request_send(struct ipm_pump *out, uint64_t sequence) {
    return out->send_step(out, sequence, 1);
}

static int request_await(struct ipm_pump *in, uint64_t sequence) {
    return ipm_pump_recv_until(in, sequence + 1);
}

static bool request_sends_plain(const struct ipm_pump *out) {
    return out->send_step == ipm_pump_send_group && out->stamp == ipm_pump_stamp_nothing;
}

/* Whether messages stay unchanged and are not examined. Then nothing but the comparison
 * of a length happens between the two calls of a side, and counting is deferred. A call may
 * receive several messages of a byte stream where several are outstanding. */
static bool request_is_plain(const struct ipm_pump *out, const struct ipm_pump *in) {
    return request_sends_plain(out) && in->recv_once == ipm_pump_recv_once &&
           ((in->take == ipm_pump_take_bytes && in->inflight == 1) ||
            (in->take == ipm_pump_take_message &&
             in->on_message == ipm_pump_on_message_nothing));
}

static int request_send_plain(struct ipm_pump *out, uint64_t sequence) {
    const size_t bytes = out->message_bytes;
    (void)sequence;
    ssize_t moved = out->calls.send(out->end, out->buf, bytes);
    return moved == (ssize_t)bytes ? 0 : ipm_pump_send_rest(out, moved, bytes);
}

/* Counts the deferred messages, each received whole by one call. */
static void request_catch_up(struct ipm_pump *in, uint64_t messages) {
    if (messages > in->counts.messages)
        ipm_pump_count_whole(in, messages - in->counts.messages);
}

/* Receives the rest after a part of a message or a call that moved nothing; `more` is
 * the result of recv_once. More than one message is an error. */
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

/* Whether the same holds where messages are read in place: they are only loaded into the cache. */
static bool request_is_placed(const struct ipm_pump *out, const struct ipm_pump *in) {
    return request_sends_plain(out) && in->on_message == ipm_pump_on_message_read;
}

static int request_await_placed(struct ipm_pump *in, uint64_t sequence) {
    if (ipm_stop_flag)
        return -EINTR;
    const void *message = NULL;
    ssize_t moved = in->calls.borrow(in->end, &message);
    if (moved == (ssize_t)in->message_bytes) {
        if (!message)
            return -EFAULT; /* of a plugin */
        ipm_pump_read(in, message);
        return in->calls.release(in->end) == 0 ? 0 : -errno;
    }
    request_catch_up(in, sequence);
    return request_await_rest(in, sequence, ipm_pump_borrowed_odd(in, moved));
}

/* --- one after the other ----------------------------------------------------------------- */

/* Sends all requests that may be outstanding but one, and notes when. Returns how many they are. */
static inline uint64_t request_open(struct ipm_pump *pump, request_step *send,
                                    int *ret_failed) {
    const uint64_t ahead =
        pump->inflight - 1 < pump->messages ? pump->inflight - 1 : pump->messages;
    int failed = 0;
    for (uint64_t i = 0; i < ahead && !failed; i++) {
        pump->sent_ns[i] = ipm_clock_now_ns();
        failed = ipm_stop_flag ? -EINTR : send(pump, i);
    }
    *ret_failed = failed;
    return ahead;
}

/* Sends the next request, unless it was the last one, at now_ns. */
static inline int request_next(struct ipm_pump *pump, request_step *send,
                               uint64_t sequence, unsigned slot, uint64_t now_ns) {
    pump->sent_ns[slot] = now_ns;
    if (ipm_stop_flag)
        return -EINTR;
    return sequence < pump->messages ? send(pump, sequence) : 0;
}

/* The two loops below are inlined together with the steps that they are given. They return the
 * number of round trips. */
typedef uint64_t request_loop(struct ipm_pump *pump, request_step *send,
                              request_step *await, int *ret_failed);

/* Sends requests and times each round trip. Responses arrive in the order of their requests: slot
 * `oldest` of sent_ns has the time of the awaited one, and slot `unused` that of the one before it,
 * which the next request overwrites. */
static inline uint64_t request_as_client(struct ipm_pump *pump, request_step *send,
                                         request_step *await, int *ret_failed) {
    const bool pauses = ipm_pump_pauses(pump);
    uint64_t sequence = 0;
    unsigned oldest = 0;
    unsigned unused = pump->inflight - 1;
    int failed;
    const uint64_t ahead = request_open(pump, send, &failed);
    uint64_t now_ns = ipm_clock_now_ns();
    while (sequence < pump->messages && !failed) {
        failed = request_next(pump, send, sequence + ahead, unused, now_ns);
        if (!failed)
            failed = await(pump->back, sequence);
        if (failed)
            break;
        sequence++;
        now_ns = ipm_pump_record_round_trip(pump, pump->sent_ns[oldest]);
        unused = oldest;
        oldest = oldest + 1 < pump->inflight ? oldest + 1 : 0;
        if (pauses && sequence < pump->messages)
            now_ns = ipm_pump_pause(pump);
    }
    *ret_failed = failed;
    return sequence;
}

static inline uint64_t request_as_server(struct ipm_pump *pump, request_step *send,
                                         request_step *await, int *ret_failed) {
    uint64_t sequence = 0;
    int failed = 0;
    while (sequence < pump->messages && !failed) {
        failed = await(pump, sequence);
        if (!failed)
            failed = send(pump->back, sequence);
        sequence += !failed;
    }
    *ret_failed = failed;
    return sequence;
}

/* Chooses the steps. A call of recv that ended a message counts as whole, however much it was
 * offered. */
static inline int request_run(struct ipm_pump *out, struct ipm_pump *in,
                              struct ipm_pump *pump, request_loop *loop) {
    uint64_t messages;
    int failed;
    if (request_is_plain(out, in))
        messages = loop(pump, request_send_plain, request_await_plain, &failed);
    else if (request_is_placed(out, in))
        messages = loop(pump, request_send_plain, request_await_placed, &failed);
    else
        messages = loop(pump, request_send, request_await, &failed);
    request_catch_up(in, messages);
    ipm_pump_count_sent(out, messages, messages);
    ipm_pump_count_partial(&in->counts);
    return failed;
}

int ipm_pump_prepare_requests(struct ipm_pump *pump, struct ipm_err *err) {
    const bool paced = pump->arrivals.count > 0;
    if ((pump->latency || paced) && pump->loses)
        ipm_stop_tick(IPM_PUMP_RETRY_TICK_US);
    return paced ? ipm_pump_prepare_paced(pump, err) : 0;
}

int ipm_pump_request(struct ipm_pump *pump) {
    if (pump->arrivals.count > 0)
        return ipm_pump_request_paced(pump);
    return pump->loses ? ipm_pump_request_lossy(pump)
                       : request_run(pump, pump->back, pump, request_as_client);
}

int ipm_pump_respond(struct ipm_pump *pump) {
    if (pump->loses)
        return ipm_pump_respond_lossy(pump);
    return pump->config->rate_per_second > 0
               ? ipm_pump_respond_queued(pump)
               : request_run(pump->back, pump, pump, request_as_server);
}
