/* request.c - requests and responses, in turn, or with a window of outstanding requests. */
#include "run/pump/loops.h"

#include "base/clock.h"
#include "run/process/stop.h"

#include <errno.h>
#include <time.h>

/* Reads the clock once per round trip: when a response has arrived, the next request is sent. */
static uint64_t request_record(struct ipm_pump *pump, uint64_t began_ns) {
    const uint64_t now_ns = ipm_clock_now_ns();
    ipm_histogram_record(pump->latency, now_ns - began_ns);
    return now_ns;
}

/* Counts the calls that moved no message. Where one call moves several messages there
 * are none. */
static void request_count_partial(struct ipm_counts *counts) {
    counts->partial_calls =
        counts->calls > counts->messages ? counts->calls - counts->messages : 0;
}

/* Whether a client does anything between a response and the next request. */
static bool request_pauses(const struct ipm_pump *pump) {
    return pump->config->think_ns > 0 || ipm_work_is_asked(pump->config);
}

/* Works, and then sleeps, or with --wait spin polls the clock, until think_ns have passed or the
 * stop flag is set. Returns the time. */
static uint64_t request_pause(struct ipm_pump *pump) {
    ipm_work_do(&pump->work);
    uint64_t now_ns = ipm_clock_now_ns();
    const uint64_t until_ns = now_ns + pump->config->think_ns;
    if (pump->config->think_ns == 0)
        return now_ns;
    const struct timespec until = ipm_clock_timespec(until_ns);
    const bool spins = pump->wait->spins;
    while (!spins && !ipm_stop_flag &&
           clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
        continue;
    now_ns = ipm_clock_now_ns();
    while (spins && now_ns < until_ns && !ipm_stop_flag)
        now_ns = ipm_clock_now_ns();
    return now_ns;
}

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
           ((in->take == ipm_pump_take_bytes && in->window == 1) ||
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

/* Sends all requests of a window but one, and notes when. Returns how many they are. */
static inline uint64_t request_open(struct ipm_pump *pump, request_step *send,
                                    int *ret_failed) {
    const uint64_t ahead =
        pump->window - 1 < pump->messages ? pump->window - 1 : pump->messages;
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

/* Inlined together with the steps it is given. A requester sends first and times each
 * round trip. Responses arrive in the order of their requests: slot `oldest` has the time of
 * the awaited one, and `free` is of the one before it. Returns the number of round trips. */
static inline uint64_t request_by(struct ipm_pump *pump, bool requests,
                                  request_step *send, request_step *await,
                                  int *ret_failed) {
    const bool pauses = request_pauses(pump);
    uint64_t sequence = 0;
    unsigned oldest = 0;
    unsigned free = pump->window - 1;
    int failed = 0;
    const uint64_t ahead = requests ? request_open(pump, send, &failed) : 0;
    uint64_t now_ns = requests ? ipm_clock_now_ns() : 0;
    while (sequence < pump->messages && !failed) {
        if (requests)
            failed = request_next(pump, send, sequence + ahead, free, now_ns);
        else
            failed = await(pump, sequence);
        if (!failed)
            failed = requests ? await(pump->back, sequence) : send(pump->back, sequence);
        if (failed)
            break;
        sequence++;
        if (requests)
            now_ns = request_record(pump, pump->sent_ns[oldest]);
        free = oldest;
        oldest = oldest + 1 < pump->window ? oldest + 1 : 0;
        if (requests && pauses && sequence < pump->messages)
            now_ns = request_pause(pump);
    }
    *ret_failed = failed;
    return sequence;
}

/* A call of recv that ended a message counts as whole, however much it was offered. */
static inline int request_run(struct ipm_pump *pump, bool requests) {
    struct ipm_pump *const out = requests ? pump : pump->back;
    struct ipm_pump *const in = requests ? pump->back : pump;
    uint64_t messages;
    int failed;
    if (request_is_plain(out, in))
        messages =
            request_by(pump, requests, request_send_plain, request_await_plain, &failed);
    else if (request_is_placed(out, in))
        messages =
            request_by(pump, requests, request_send_plain, request_await_placed, &failed);
    else
        messages = request_by(pump, requests, request_send, request_await, &failed);
    request_catch_up(in, messages);
    ipm_pump_count_sent(out, messages, messages);
    request_count_partial(&in->counts);
    return failed;
}

/* --- over a transport that may lose a message -------------------------------------------- */

/* A request without a response is sent again after REQUEST_PATIENCE_NS, which is
 * longer than a response takes on a busy machine. A loss found this way halves the
 * time; a response that arrives late doubles it. */
enum { REQUEST_LOOKS = 64, REQUEST_TICK_US = 20000 };
static const uint64_t REQUEST_PATIENCE_NS = 200000000;
static const uint64_t REQUEST_PATIENCE_LEAST_NS = 15000000;
static const uint64_t REQUEST_PATIENCE_MOST_NS = 1000000000;

struct request_attempt {
    uint64_t sequence;
    uint64_t sent_ns; /* when the request was last sent */
    uint64_t patience_ns;
    uint64_t repeats; /* requests sent again, of all sequence numbers */
    unsigned misses;  /* calls of recv that moved nothing */
};

/* Called after a recv that moved nothing. A side that spins makes many such calls and
 * reads the clock only after some of them. Returns 0 or a negative errno. */
static int request_repeat(struct ipm_pump *out, struct request_attempt *attempt) {
    if (out->wait->spins && ++attempt->misses % REQUEST_LOOKS != 0)
        return 0;
    const uint64_t now_ns = ipm_clock_now_ns();
    if (now_ns - attempt->sent_ns < attempt->patience_ns)
        return 0;
    attempt->sent_ns = now_ns;
    attempt->repeats++;
    if (attempt->patience_ns / 2 >= REQUEST_PATIENCE_LEAST_NS)
        attempt->patience_ns /= 2;
    return out->send_step(out, attempt->sequence, 1);
}

/* Receives until the response to this request, or a damaged one, has arrived. */
static int request_await_response(struct ipm_pump *out, struct request_attempt *attempt) {
    struct ipm_pump *const in = out->back;
    const uint64_t corrupt = in->tracker.damage.corrupt_messages;
    int failed = 0;
    while (!failed && in->tracker.next <= attempt->sequence &&
           in->tracker.damage.corrupt_messages == corrupt) {
        const uint64_t came = in->counts.messages;
        const int more = ipm_stop_flag ? -EINTR : in->recv_once(in);
        if (more <= 0)
            return more < 0 ? more : -EPIPE;
        if (in->counts.messages == came)
            failed = request_repeat(out, attempt);
        else if (in->tracker.next <= attempt->sequence &&
                 attempt->patience_ns < REQUEST_PATIENCE_MOST_NS)
            attempt->patience_ns *= 2; /* the first request was not lost */
    }
    return failed;
}

/* The latency of a repeated request counts from its first transmission. */
static int request_lossy(struct ipm_pump *pump) {
    struct request_attempt attempt = {.patience_ns = REQUEST_PATIENCE_NS};
    const bool pauses = request_pauses(pump);
    uint64_t now_ns = ipm_clock_now_ns();
    int failed = 0;
    pump->back->tracker.by_count = true;
    while (attempt.sequence < pump->messages) {
        attempt.sent_ns = now_ns;
        failed = ipm_stop_flag ? -EINTR : pump->send_step(pump, attempt.sequence, 1);
        if (!failed)
            failed = request_await_response(pump, &attempt);
        if (failed)
            break;
        attempt.sequence++;
        now_ns = request_record(pump, now_ns);
        if (pauses && attempt.sequence < pump->messages)
            now_ns = request_pause(pump);
    }
    const uint64_t sent = attempt.sequence + attempt.repeats;
    ipm_pump_count_sent(pump, sent, sent);
    request_count_partial(&pump->back->counts);
    return failed;
}

/* Responds to every request, repeated ones included, until the mark: only the
 * requester knows when it has all responses. */
static int respond_lossy(struct ipm_pump *pump) {
    struct ipm_pump *const out = pump->back;
    uint64_t sent = 0;
    int more = 1;
    pump->tracker.by_count = true;
    while (more > 0) {
        const uint64_t came = pump->counts.messages;
        more = ipm_stop_flag ? -EINTR : pump->recv_once(pump);
        if (more <= 0 || pump->counts.messages == came)
            continue;
        if (pump->last_ns == 0 && pump->tracker.distinct == pump->messages)
            pump->last_ns = ipm_clock_now_ns();
        const int failed = out->send_step(
            out, ipm_payload_read(pump->buf, pump->message_bytes, pump->tracker.next), 1);
        sent += !failed;
        more = failed ? failed : more;
    }
    ipm_pump_count_sent(out, sent, sent);
    request_count_partial(&pump->counts);
    return more;
}

int ipm_pump_prepare_requests(struct ipm_pump *pump, struct ipm_err *err) {
    const bool paced = pump->arrivals.count > 0;
    if ((pump->latency || paced) && pump->loses)
        ipm_stop_tick(REQUEST_TICK_US);
    return paced ? ipm_pump_prepare_paced(pump, err) : 0;
}

int ipm_pump_request(struct ipm_pump *pump) {
    if (pump->arrivals.count > 0)
        return ipm_pump_request_paced(pump);
    return pump->loses ? request_lossy(pump) : request_run(pump, true);
}

int ipm_pump_respond(struct ipm_pump *pump) {
    if (pump->loses)
        return respond_lossy(pump);
    return pump->config->rate_per_second > 0 ? ipm_pump_respond_queued(pump)
                                             : request_run(pump, false);
}
