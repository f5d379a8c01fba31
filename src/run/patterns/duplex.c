/* duplex.c - both ends send and receive at once: the main thread of each process
 * handles the direction to the child, a second thread the direction back. Neither
 * direction waits for the other when the kernel's buffers are full. */
#include "base/clock.h"
#include "base/err.h"
#include "run/patterns/pattern.h"
#include "run/process/stop.h"
#include "run/process/worker.h"
#include "run/pump/pump.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

enum { DUPLEX_MARK_NS = 200000 };

struct duplex {
    struct ipm_worker worker;
    struct ipm_pump *pump;
    atomic_bool received; /* the main thread of the child has received everything */
};

/* Repeats the end mark where it may be lost, until this side's own receiving is over.
 * After that the trial repeats it. */
static int duplex_mark(struct ipm_pump *out, bool (*is_over)(struct duplex *),
                       struct duplex *duplex) {
    static const struct timespec pause = {.tv_nsec = DUPLEX_MARK_NS};
    const struct ipm_transport *ops = out->end->ops;
    int failed = 0;
    while ((ops->caps & IPM_CAP_CONNECTED) == 0 && !is_over(duplex) && !failed) {
        failed = ipm_stop_flag ? -EINTR : ops->finish(out->end);
        (void)nanosleep(&pause, NULL); /* a stop signal shortens it */
    }
    return failed;
}

static int duplex_send(struct ipm_pump *out, bool (*is_over)(struct duplex *),
                       struct duplex *duplex) {
    int failed = ipm_pump_send(out);
    return failed ? failed : duplex_mark(out, is_over, duplex);
}

static int duplex_recv(struct ipm_pump *in) {
    int failed = ipm_pump_recv(in);
    in->last_ns = ipm_clock_now_ns();
    return failed;
}

static bool duplex_worker_is_over(struct duplex *duplex) {
    return ipm_worker_is_done(&duplex->worker);
}

static bool duplex_main_is_over(struct duplex *duplex) {
    return atomic_load(&duplex->received);
}

static int duplex_work(void *context) {
    struct duplex *duplex = context;
    struct ipm_pump *back = duplex->pump->back;
    return back->end->side == IPM_PARENT ? duplex_recv(back)
                                         : duplex_send(back, duplex_main_is_over, duplex);
}

static int duplex_prepare(struct ipm_pump *pump, struct ipm_err *err) {
    struct duplex *duplex = calloc(1, sizeof *duplex);
    if (!duplex)
        return ipm_err_sys(err, -ENOMEM, "cannot allocate the return direction");
    duplex->pump = pump;
    pump->own = duplex;
    return ipm_worker_start(&duplex->worker, duplex_work, duplex, err);
}

static void duplex_done(struct ipm_pump *pump) {
    struct duplex *duplex = pump->own;
    if (duplex)
        ipm_worker_done(&duplex->worker);
    free(duplex);
    pump->own = NULL;
}

/* After one direction has failed, the other is stopped, because its peer may send no
 * more. */
static int duplex_join(struct duplex *duplex, int failed) {
    if (failed)
        ipm_stop_threads();
    const int failed_back = ipm_worker_join(&duplex->worker);
    return failed ? failed : failed_back;
}

static int duplex_parent(struct ipm_pump *pump) {
    struct duplex *duplex = pump->own;
    ipm_worker_go(&duplex->worker);
    return duplex_join(duplex, duplex_send(pump, duplex_worker_is_over, duplex));
}

/* Waits for the first byte of the parent, because messages that a child sends while its parent is
 * still waking up would not belong to the result. Ends that cannot be polled begin at once; the
 * window begins with the first of both. */
static void duplex_await_parent(const struct ipm_endpoint *end) {
    struct pollfd ready = {.fd = end->rx_fd, .events = POLLIN};
    while (end->rx_fd >= 0 && poll(&ready, 1, -1) < 0 && errno == EINTR && !ipm_stop_flag)
        continue;
}

static int duplex_child(struct ipm_pump *pump) {
    struct duplex *duplex = pump->own;
    duplex_await_parent(pump->end);
    pump->first_ns = ipm_clock_now_ns();
    ipm_worker_go(&duplex->worker);
    int failed = duplex_recv(pump);
    atomic_store(&duplex->received, true);
    return duplex_join(duplex, failed);
}

const struct ipm_pattern ipm_pattern_duplex = {
    .kind = {.name = "duplex",
             .traits = IPM_TRAIT_TWO_WAY | IPM_TRAIT_BATCHES | IPM_TRAIT_FRAMES |
                       IPM_TRAIT_PACED | IPM_TRAIT_PAIRS,
             .primary = IPM_METRIC_THROUGHPUT,
             .ends = {[IPM_SENDER] = "parent", [IPM_RECEIVER] = "child"}},
    .summary = "both ways: both sides send and receive at the same time",
    .does = {[IPM_SENDER] = "send and receive", [IPM_RECEIVER] = "receive and send"},
    .prepare = duplex_prepare,
    .done = duplex_done,
    .parent = duplex_parent,
    .child = duplex_child,
};
