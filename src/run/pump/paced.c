/* paced.c - sends by a schedule, and times what arrives.
 *
 * The latency of a message counts from the time for which it was scheduled, whether or not
 * the sender kept to it: the wait of a message behind one that blocks is part of it. */
#include "run/pump/loops.h"

#include "base/clock.h"
#include "run/process/stop.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

/* A sleep ends up to this much late on an idle machine, so a sender sleeps until this long before
 * the time and polls the clock for the rest. */
static const uint64_t PACED_BUSY_NS = 50000;

/* Two ends on one CPU take turns: a sender that polls would keep the receiver from running.
 * Several senders share a CPU: where they would poll all the time, each would keep the others
 * from sending. */
static uint64_t paced_busy_ns(const struct ipm_pump *pump) {
    const struct ipm_case_config *config = pump->config;
    const uint64_t senders = config->clients * config->pairs;
    const bool same =
        config->sender_cpu >= 0 && config->sender_cpu == config->receiver_cpu;
    const bool always =
        senders > 1 && config->rate_per_second >= 1000000000 / PACED_BUSY_NS / senders;
    return same || always ? 0 : PACED_BUSY_NS;
}

/* Waits until the time or the stop flag. Returns the time. */
static uint64_t paced_await(uint64_t due_ns, uint64_t busy_ns) {
    uint64_t now_ns = ipm_clock_now_ns();
    if (now_ns + busy_ns < due_ns) {
        const struct timespec until = ipm_clock_timespec(due_ns - busy_ns);
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR &&
               !ipm_stop_flag)
            continue;
        now_ns = ipm_clock_now_ns();
    }
    while (now_ns < due_ns && !ipm_stop_flag)
        now_ns = ipm_clock_now_ns();
    return now_ns;
}

int ipm_pump_send_paced(struct ipm_pump *pump) {
    const uint64_t start_ns = ipm_clock_now_ns();
    const uint64_t busy_ns = paced_busy_ns(pump);
    uint64_t sequence = 0;
    int failed = 0;
    while (sequence < pump->messages && !failed) {
        const uint64_t due_ns = start_ns + ipm_arrivals_at(&pump->arrivals, sequence);
        const uint64_t now_ns = paced_await(due_ns, busy_ns);
        pump->times.due_ns = due_ns;
        pump->times.sent_ns = now_ns;
        failed = ipm_stop_flag ? -EINTR : pump->send_step(pump, sequence, 1);
        if (failed)
            break;
        ipm_histogram_record(&pump->timings->send_lag, now_ns - due_ns);
        sequence++;
    }
    ipm_pump_count_sent(pump, sequence, sequence);
    return failed;
}

void ipm_pump_stamp_times(struct ipm_pump *pump, uint64_t sequence, unsigned count) {
    (void)count;
    pump->times.number = sequence;
    pump->framing->wrap(pump->buf, pump->message_bytes);
    memcpy(pump->buf + pump->framing->head_bytes, &pump->times, sizeof pump->times);
}

void ipm_pump_on_message_times(struct ipm_pump *pump, const unsigned char *contents) {
    const uint64_t now_ns = ipm_clock_now_ns();
    struct ipm_pump_times times;
    memcpy(&times, contents, sizeof times);
    ipm_histogram_record(&pump->timings->latency, now_ns - times.due_ns);
    ipm_histogram_record(&pump->timings->since_sent, now_ns - times.sent_ns);
    ipm_tracker_note(&pump->tracker, times.number);
}

/* Loads the message first: a message that is received by a copy is in the cache when it is timed. */
void ipm_pump_on_message_times_placed(struct ipm_pump *pump,
                                      const unsigned char *contents) {
    ipm_pump_read(pump, contents);
    ipm_pump_on_message_times(pump, contents);
}

/* The kernel may delay the end of a sleep by the slack of the thread, 50 us by default (prctl(2)).
 * Threads inherit it. Both sides have the same seed, but independent schedules. */
int ipm_pump_pace(struct ipm_pump *pump) {
    const struct ipm_case_config *config = pump->config;
    const uint64_t seed = pump->end->side == IPM_PARENT ? pump->seed : ~pump->seed;
    (void)prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    return ipm_arrivals_init(&pump->arrivals, config->rate_per_second,
                             strcmp(config->arrivals, "poisson") == 0, pump->messages,
                             seed);
}

void ipm_pump_unpace(struct ipm_pump *pump) {
    if (pump->arrivals.count > 0)
        (void)prctl(PR_SET_TIMERSLACK, 0UL, 0UL, 0UL, 0UL);
    ipm_arrivals_done(&pump->arrivals);
}
