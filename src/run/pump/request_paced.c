/* request_paced.c - requests by a schedule: one thread sends them, and the main thread
 * receives the responses. A single thread would wait for a response before it sends the
 * next request, and omit the requests that were due meanwhile. */
#include "run/pump/loops.h"

#include "base/clock.h"
#include "base/err.h"
#include "run/process/stop.h"
#include "run/process/worker.h"

#include <errno.h>
#include <stdlib.h>

/* Time after which the client gives up the responses that are missing after the last request. */
static const uint64_t PACED_PATIENCE_NS = 200000000;

/* The times of a request. The response passes through the other process, which orders the
 * accesses of the two threads. */
struct paced_note {
    atomic_uint_least64_t due_ns;
    atomic_uint_least64_t sent_ns;
};

struct paced {
    struct ipm_worker worker;
    struct ipm_pump *pump;
    ipm_pump_step *send_step; /* of the pump, without the note */
    struct paced_note notes[];
};

static int paced_send_noted(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    struct paced *paced = pump->own;
    struct paced_note *note = &paced->notes[sequence];
    atomic_store_explicit(&note->due_ns, pump->times.due_ns, memory_order_relaxed);
    atomic_store_explicit(&note->sent_ns, pump->times.sent_ns, memory_order_relaxed);
    return paced->send_step(pump, sequence, count);
}

static int paced_work(void *context) {
    struct paced *paced = context;
    return ipm_pump_send_paced(paced->pump);
}

int ipm_pump_prepare_paced(struct ipm_pump *pump, struct ipm_err *err) {
    struct paced *paced = NULL;
    size_t bytes;
    if (!__builtin_mul_overflow(pump->messages, sizeof *paced->notes, &bytes) &&
        !__builtin_add_overflow(bytes, sizeof *paced, &bytes))
        paced = calloc(1, bytes);
    if (!paced)
        return ipm_err_sys(err, -ENOMEM, "cannot note the times of %llu requests",
                           (unsigned long long)pump->messages);
    memset(paced, 0, bytes); /* touches all of it before the window */
    paced->pump = pump;
    paced->send_step = pump->send_step;
    pump->send_step = paced_send_noted;
    pump->own = paced;
    return ipm_worker_start(&paced->worker, paced_work, paced, err);
}

/* pump->own is a struct paced only with a schedule. */
void ipm_pump_done_requests(struct ipm_pump *pump) {
    struct paced *paced = pump->arrivals.count > 0 ? pump->own : NULL;
    if (!paced)
        return;
    ipm_worker_done(&paced->worker);
    free(paced);
    pump->own = NULL;
}

static void paced_record(struct ipm_pump *pump, uint64_t sequence, uint64_t now_ns) {
    const struct paced *paced = pump->own;
    const struct paced_note *note = &paced->notes[sequence];
    ipm_histogram_record(&pump->timings->latency,
                         now_ns -
                             atomic_load_explicit(&note->due_ns, memory_order_relaxed));
    ipm_histogram_record(&pump->timings->since_sent,
                         now_ns -
                             atomic_load_explicit(&note->sent_ns, memory_order_relaxed));
}

/* Receives once, and returns as recv_once. */
static int paced_recv_once(struct ipm_pump *in) {
    return ipm_stop_flag ? -EINTR : in->recv_once(in);
}

/* Responses arrive in the order of their requests, several by one call. Inlined with `works`: the
 * client works after it has received them. */
static inline int paced_receive(struct ipm_pump *pump, bool works) {
    struct ipm_pump *const in = pump->back;
    uint64_t recorded = 0;
    while (recorded < pump->messages) {
        const int more = paced_recv_once(in);
        if (more <= 0)
            return more < 0 ? more : -EPIPE;
        const uint64_t now_ns = ipm_clock_now_ns();
        const uint64_t came = recorded;
        while (recorded < in->counts.messages && recorded < pump->messages)
            paced_record(pump, recorded++, now_ns);
        for (uint64_t i = came; works && i < recorded; i++)
            ipm_work_do(&pump->work);
    }
    return 0;
}

/* A response carries the number of its request, and some may never arrive. */
static int paced_receive_lossy(struct ipm_pump *pump) {
    struct ipm_pump *const in = pump->back;
    struct paced *paced = pump->own;
    uint64_t last_ns = ipm_clock_now_ns();
    while (in->tracker.distinct < pump->messages) {
        const uint64_t came = in->tracker.distinct;
        const int more = paced_recv_once(in);
        if (more <= 0)
            return more < 0 ? more : -EPIPE;
        if (in->tracker.distinct > came) {
            last_ns = ipm_clock_now_ns();
            paced_record(pump,
                         ipm_payload_read(in->buf, in->message_bytes, in->tracker.next),
                         last_ns);
            ipm_work_do(&pump->work); /* of no loops, unless requested */
        } else if (ipm_worker_is_done(&paced->worker) &&
                   ipm_clock_now_ns() - last_ns > PACED_PATIENCE_NS) {
            break;
        }
    }
    return 0;
}

int ipm_pump_request_paced(struct ipm_pump *pump) {
    struct paced *paced = pump->own;
    ipm_worker_go(&paced->worker);
    int failed = pump->loses                       ? paced_receive_lossy(pump)
                 : ipm_work_is_asked(pump->config) ? paced_receive(pump, true)
                                                   : paced_receive(pump, false);
    if (failed)
        ipm_stop_threads();
    const int failed_to_send = ipm_worker_join(&paced->worker);
    return failed ? failed : failed_to_send;
}

int ipm_pump_respond_queued(struct ipm_pump *pump) {
    struct ipm_pump *const out = pump->back;
    uint64_t sent = 0;
    int failed = 0;
    while (sent < pump->messages && !failed) {
        const int more = paced_recv_once(pump);
        failed = more < 0 ? more : more == 0 ? -EPIPE : 0;
        while (sent < pump->counts.messages && !failed) {
            failed = ipm_stop_flag ? -EINTR : out->send_step(out, sent, 1);
            sent += !failed;
        }
    }
    ipm_pump_count_sent(out, sent, sent);
    return failed;
}
