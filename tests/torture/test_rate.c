/* test_rate.c - a schedule of sending: a delay is found, and its victims with it; nothing
 * is missing; and every transport and pattern keeps to it. */
#include "base/clock.h"
#include "patterns.h"
#include "rig.h"
#include "run/patterns/pattern.h"
#include "run/servers/server.h"

#include <criterion/criterion.h>
#include <string.h>
#include <time.h>

enum {
    RATE_MESSAGES = 500,
    RATE_HELD_EACH = 100,
    RATE_STOPPED_AT = 100,
    RATE_TRIES = 5,
    RATE_CLIENTS = 3,
};

static const uint64_t RATE_HOLD_NS = 5000000;
static const uint64_t RATE_DISTANCE_NS = 1000000; /* of messages at 1,000 a second */
static const uint64_t RATE_STOP_NS = 50000000;

static const struct ipm_transport *rate_real;
static struct ipm_transport rate_rigged;
static int rate_received;
static int rate_sent;
static uint64_t rate_sent_ns; /* by the parent, last */
static uint64_t rate_slow;    /* round trips of more than half of RATE_HOLD_NS */

static void rate_sleep(uint64_t ns) {
    const struct timespec pause = {.tv_nsec = (long)ns};
    (void)nanosleep(&pause, NULL);
}

/* Holds every 100th message, and with it those behind it. */
static ssize_t rate_recv(struct ipm_endpoint *end, void *buf, size_t cap) {
    ssize_t moved = rate_real->recv(end, buf, cap);
    if (end->side == IPM_CHILD && ++rate_received % RATE_HELD_EACH == 0)
        rate_sleep(RATE_HOLD_NS);
    if (end->side == IPM_PARENT)
        rate_slow += ipm_clock_now_ns() - rate_sent_ns > RATE_HOLD_NS / 2;
    return moved;
}

static ssize_t rate_send(struct ipm_endpoint *end, const void *buf, size_t len) {
    if (end->side == IPM_PARENT && ++rate_sent == RATE_STOPPED_AT)
        rate_sleep(RATE_STOP_NS);
    rate_sent_ns = ipm_clock_now_ns();
    return rate_real->send(end, buf, len);
}

static struct ipm_test_trial rate_config(const char *pattern, uint64_t rate) {
    rate_real = ipm_transport_find("unix-seqpacket");
    rate_rigged = *rate_real;
    rate_received = rate_sent = 0;
    rate_slow = 0;
    struct ipm_test_trial config = ipm_test_trial_make(&rate_rigged, pattern, 64, 500);
    config.settings.rate_per_second = rate;
    return config;
}

/* Returns how many latencies are above the limit, within the width of a bucket. */
static uint64_t rate_above(const struct ipm_sample *sample, uint64_t limit_ns) {
    uint64_t count = 0;
    for (size_t i = 0; i < sample->latency.bucket_count; i++)
        if (sample->latency.buckets[i].index > ipm_histogram_index(limit_ns))
            count += sample->latency.buckets[i].count;
    return count;
}

/* Of 500 messages, one a millisecond, five are held for 5 ms, and about four behind each
 * wait for it, the first of them for 4 ms: it is the p99, just below the five. A loaded
 * machine makes it more. */
static void rate_expect_delay(const char *pattern) {
    struct ipm_test_trial config = rate_config(pattern, 1000);
    rate_rigged.recv = rate_recv;
    struct ipm_sample sample = ipm_patterns_run(&config);
    cr_expect_eq(sample.latency.count, RATE_MESSAGES, "%s", pattern);
    cr_expect_geq(ipm_latency_quantile(&sample.latency, 0.99),
                  0.99 * (double)(RATE_HOLD_NS - RATE_DISTANCE_NS), "%s", pattern);
    cr_expect_geq(rate_above(&sample, 900000), 20, "%s", pattern);
    ipm_sample_done(&sample);
}

Test(rate, a_known_delay_and_what_waits_behind_it_show_in_an_open_loop) {
    ipm_patterns_begin();
    rate_expect_delay("stream");
    rate_expect_delay("ping-pong");
}

/* Only the five held messages are slow, as nothing is due meanwhile, and those that a loaded
 * machine holds, which the transport sees, too. What is held between its clock and that of the
 * pump is not seen, so one try of several is enough. */
Test(rate, a_closed_loop_omits_what_waits_behind_a_delay) {
    bool omitted = false;
    ipm_patterns_begin();
    for (int i = 0; i < RATE_TRIES && !omitted; i++) {
        struct ipm_test_trial config = rate_config("ping-pong", 0);
        rate_rigged.recv = rate_recv;
        struct ipm_sample sample = ipm_patterns_run(&config);
        cr_assert_eq(sample.latency.count, RATE_MESSAGES);
        cr_assert_geq(sample.latency.max_ns, RATE_HOLD_NS);
        cr_assert_geq(rate_slow, RATE_MESSAGES / RATE_HELD_EACH);
        omitted = rate_above(&sample, RATE_HOLD_NS / 2) <= rate_slow;
        ipm_sample_done(&sample);
    }
    cr_expect(omitted);
}

/* What was due in the 50 ms waited for up to that long: half of it for 25 ms or more. */
Test(rate, a_sender_that_is_held_up_omits_no_message_that_was_due) {
    static const char *const names[] = {"stream", "ping-pong"};
    ipm_patterns_begin();
    for (size_t i = 0; i < 2; i++) {
        struct ipm_test_trial config = rate_config(names[i], 2000);
        rate_rigged.send = rate_send;
        struct ipm_sample sample = ipm_patterns_run(&config);
        cr_expect_eq(sample.latency.count, RATE_MESSAGES);
        cr_expect_eq(sample.since_sent.count, RATE_MESSAGES);
        cr_expect_eq(sample.send_lag.count, RATE_MESSAGES);
        cr_expect_geq(sample.latency.max_ns, RATE_STOP_NS);
        cr_expect_geq(sample.send_lag.max_ns, RATE_STOP_NS - 1000000);
        cr_expect_geq(rate_above(&sample, RATE_STOP_NS / 2), 49);
        cr_expect_eq(sample.scheduled_messages, RATE_MESSAGES);
        cr_expect_eq(sample.scheduled_ns, 250000000);
        cr_expect_geq(sample.elapsed_ns, sample.scheduled_ns);
        ipm_sample_done(&sample);
    }
}

static void rate_check(const struct ipm_test_trial *config) {
    const struct ipm_transport *ops = config->trial.transport;
    const struct ipm_kind *kind = &config->trial.pattern->kind;
    const bool two_flows =
        (kind->traits & (IPM_TRAIT_TWO_WAY | IPM_TRAIT_ANSWERS)) == IPM_TRAIT_TWO_WAY;
    const uint64_t offered =
        config->trial.messages * (two_flows ? 2 : config->settings.clients);
    struct ipm_sample sample = ipm_patterns_run(config);
    const uint64_t lost = offered - sample.latency.count;
    cr_expect_leq(sample.latency.count, offered, "%s %s", kind->name, ops->name);
    cr_expect((ops->caps & IPM_CAP_RELIABLE) == 0 || lost == 0, "%s %s", kind->name,
              ops->name);
    cr_expect_eq(sample.since_sent.count, sample.latency.count);
    cr_expect_eq(sample.send_lag.count, offered, "%s %s", kind->name, ops->name);
    cr_expect_eq(sample.scheduled_messages, offered);
    cr_expect_lt(sample.latency.max_ns, 10000000000u, "%s %s", kind->name, ops->name);
    ipm_sample_done(&sample);
}

Test(rate, every_transport_and_pattern_keeps_a_schedule) {
    ipm_patterns_begin();
    for (size_t i = 0; ipm_rig_row(i); i++)
        for (size_t p = 0; ipm_patterns[p]; p++) {
            const struct ipm_transport *ops = ipm_rig_row(i);
            const unsigned traits = ipm_patterns[p]->kind.traits;
            struct ipm_test_trial config =
                ipm_patterns_config(ops, ipm_patterns[p]->kind.name, 64);
            if ((traits & IPM_TRAIT_PACED) == 0 ||
                ((traits & IPM_TRAIT_CLIENTS) != 0 && (ops->caps & IPM_CAP_MULTI) == 0) ||
                (ops->caps & IPM_CAP_HOLLOW) != 0 ||
                !ipm_patterns_can(ops, ipm_patterns[p]))
                continue;
            config.settings.rate_per_second = 50000;
            (void)strcpy(config.settings.arrivals, i % 2 ? "poisson" : "fixed");
            if ((traits & IPM_TRAIT_CLIENTS) != 0) {
                config.settings.clients = RATE_CLIENTS;
                config.trial.server = ipm_server_find(i % 2 ? "thread" : "process");
            }
            rate_check(&config);
        }
    ipm_patterns_end();
}
