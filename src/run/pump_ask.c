/* pump_ask.c - question and answer: one message each way at a time. Knows no transport and
 * no process. */
#include "run/pump.h"

#include "base/clock.h"
#include "run/stop.h"

#include <errno.h>
#include <time.h>

/* One reading a round trip: the end of one is the start of the next. */
static uint64_t ask_note(struct ipm_pump *pump, uint64_t began_ns) {
    const uint64_t now_ns = ipm_clock_now_ns();
    ipm_histogram_record(pump->latency, now_ns - began_ns);
    return now_ns;
}

/* Sleeps, or, where everything else is polled for, too, burns the time. Returns when it is
 * over. */
static uint64_t ask_think(const struct ipm_pump *pump, uint64_t now_ns) {
    const uint64_t until_ns = now_ns + pump->think_ns;
    const struct timespec pause = {.tv_sec = (time_t)(pump->think_ns / 1000000000u),
                                   .tv_nsec = (long)(pump->think_ns % 1000000000u)};
    if (!pump->spin)
        (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &pause,
                              NULL); /* cut short by a wish to stop */
    now_ns = ipm_clock_now_ns();
    while (pump->spin && now_ns < until_ns && !ipm_stop_flag)
        now_ns = ipm_clock_now_ns();
    return now_ns;
}

static int ask_once(struct ipm_pump *pump, uint64_t sequence) {
    int failed = ipm_pump_send_one(pump, sequence);
    return failed ? failed : ipm_pump_recv_until(pump->back, sequence + 1);
}

/* A call of recv that ended a message was whole, however much it offered. */
static void ask_count(struct ipm_pump *out, struct ipm_pump *in, uint64_t messages) {
    ipm_pump_count_sent(out, messages);
    in->counts.partial_calls = in->counts.calls - in->counts.messages;
}

int ipm_pump_ask(struct ipm_pump *pump) {
    const bool thinks = pump->think_ns > 0;
    uint64_t now_ns = ipm_clock_now_ns();
    uint64_t sequence = 0;
    int failed = 0;
    while (sequence < pump->messages && !failed) {
        failed = ipm_stop_flag ? -EINTR : ask_once(pump, sequence);
        if (failed)
            break;
        sequence++;
        now_ns = ask_note(pump, now_ns);
        if (thinks && sequence < pump->messages)
            now_ns = ask_think(pump, now_ns);
    }
    ask_count(pump, pump->back, sequence);
    return failed;
}

int ipm_pump_answer(struct ipm_pump *pump) {
    uint64_t sequence = 0;
    int failed = 0;
    while (sequence < pump->messages && !failed) {
        failed = ipm_pump_recv_until(pump, sequence + 1);
        if (!failed)
            failed = ipm_pump_send_one(pump->back, sequence);
        sequence += !failed;
    }
    ask_count(pump->back, pump, sequence);
    return failed;
}
