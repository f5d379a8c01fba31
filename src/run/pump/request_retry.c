/* request_retry.c - requests over a transport that may lose a message: a request is sent again
 * when no response arrives. */
#include "run/pump/loops.h"

#include "base/clock.h"
#include "run/process/stop.h"

#include <errno.h>

/* A request without a response is sent again after RETRY_PATIENCE_NS, which is
 * longer than a response takes on a busy machine. A loss found this way halves the
 * time; a response that arrives late doubles it. */
enum { RETRY_CALLS = 64 };
static const uint64_t RETRY_PATIENCE_NS = 200000000;
static const uint64_t RETRY_PATIENCE_LEAST_NS = 15000000;
static const uint64_t RETRY_PATIENCE_MOST_NS = 1000000000;

struct retry_attempt {
    uint64_t sequence;
    uint64_t sent_ns; /* when the request was last sent */
    uint64_t patience_ns;
    uint64_t repeats; /* requests sent again, of all sequence numbers */
    unsigned misses;  /* calls of recv that moved nothing */
};

/* Called after a recv that moved nothing. A side that spins makes many such calls and
 * reads the clock only after some of them. Returns 0 or a negative errno. */
static int retry_send(struct ipm_pump *out, struct retry_attempt *attempt) {
    if (out->wait->spins && ++attempt->misses % RETRY_CALLS != 0)
        return 0;
    const uint64_t now_ns = ipm_clock_now_ns();
    if (now_ns - attempt->sent_ns < attempt->patience_ns)
        return 0;
    attempt->sent_ns = now_ns;
    attempt->repeats++;
    if (attempt->patience_ns / 2 >= RETRY_PATIENCE_LEAST_NS)
        attempt->patience_ns /= 2;
    return out->send_step(out, attempt->sequence, 1);
}

/* Receives until the response to this request, or a damaged one, has arrived. */
static int retry_await(struct ipm_pump *out, struct retry_attempt *attempt) {
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
            failed = retry_send(out, attempt);
        else if (in->tracker.next <= attempt->sequence &&
                 attempt->patience_ns < RETRY_PATIENCE_MOST_NS)
            attempt->patience_ns *= 2; /* the first request was not lost */
    }
    return failed;
}

/* The latency of a repeated request counts from its first transmission. */
int ipm_pump_request_lossy(struct ipm_pump *pump) {
    struct retry_attempt attempt = {.patience_ns = RETRY_PATIENCE_NS};
    const bool pauses = ipm_pump_pauses(pump);
    uint64_t now_ns = ipm_clock_now_ns();
    int failed = 0;
    pump->back->tracker.by_count = true;
    while (attempt.sequence < pump->messages) {
        attempt.sent_ns = now_ns;
        failed = ipm_stop_flag ? -EINTR : pump->send_step(pump, attempt.sequence, 1);
        if (!failed)
            failed = retry_await(pump, &attempt);
        if (failed)
            break;
        attempt.sequence++;
        now_ns = ipm_pump_record_round_trip(pump, now_ns);
        if (pauses && attempt.sequence < pump->messages)
            now_ns = ipm_pump_pause(pump);
    }
    const uint64_t sent = attempt.sequence + attempt.repeats;
    ipm_pump_count_sent(pump, sent, sent);
    ipm_pump_count_partial(&pump->back->counts);
    return failed;
}

/* Responds to every request, repeated ones included, until the mark: only the
 * requester knows when it has all responses. */
int ipm_pump_respond_lossy(struct ipm_pump *pump) {
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
    ipm_pump_count_partial(&pump->counts);
    return more;
}
