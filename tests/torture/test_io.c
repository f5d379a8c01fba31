/* test_io.c - descriptors driven by io_uring: every transport that lets them be, whatever
 * the size, the batch and the pattern, moves what was sent; whatever happens to one side
 * ends the trial and leaves no ring, no thread and no descriptor. */
#include "base/err.h"
#include "rig.h"
#include "run/framings/framing.h"
#include "run/io/io.h"
#include "run/patterns/pattern.h"
#include "run/process/stop.h"
#include "run/schedule/runner.h"
#include "tests/support/leaks.h"
#include "tests/support/refuse.h"
#include "tests/support/trial.h"
#include "transports/transport.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

enum { IO_MESSAGES = 70, IO_STRIKE_NS = 30000000 };

static const struct ipm_io *io;
static int io_threads_before;

static void io_begin(void) {
    struct ipm_err err = {0};
    io = ipm_io_find("uring");
    cr_assert_not_null(io);
    if (io->probe(&err) != 0)
        cr_skip_test("%s (%s)", err.text, err.hint);
    ipm_stop_install();
    io_threads_before = ipm_leaks_threads();
}

static bool io_can(const struct ipm_transport *ops, const struct ipm_pattern *pattern) {
    struct ipm_err err = {0};
    size_t most = 0;
    return (ops->caps & IPM_CAP_PLAIN) != 0 && ipm_runner_try(ops, 0, &most, &err) == 0 &&
           ((pattern->kind.traits & IPM_TRAIT_TWO_WAY) == 0 ||
            ops->direction != IPM_SIMPLEX);
}

static struct ipm_test_trial io_config(const struct ipm_transport *ops,
                                       const char *pattern, uint64_t bytes) {
    struct ipm_test_trial config = ipm_test_trial_make(ops, pattern, bytes, IO_MESSAGES);
    config.trial.io = io;
    config.trial.seed = 5;
    config.settings.verify = true;
    return config;
}

/* Returns the sample, of which nothing is corrupt, and nothing lost that must not be. */
static struct ipm_sample io_run(const struct ipm_test_trial *config) {
    struct ipm_sample sample;
    struct ipm_err err = {0};
    const struct ipm_transport *ops = config->trial.transport;
    const bool two_way = (config->trial.pattern->kind.traits & IPM_TRAIT_TWO_WAY) != 0;
    const uint64_t whole = config->trial.messages * (two_way ? 2 : 1);
    cr_assert_eq(ipm_test_trial_run(config, &sample, NULL, &err), 0,
                 "%s over %s, %lu B, batch %lu: %s", config->trial.pattern->kind.name,
                 ops->name, config->settings.message_bytes, config->settings.batch,
                 err.text);
    /* What a busy machine is late to answer over a transport that may lose is sent again. */
    const uint64_t again = sample.sent.messages - whole;
    cr_assert(again == 0 || (ops->caps & IPM_CAP_RELIABLE) == 0, "%s", ops->name);
    cr_assert_leq(whole, sample.sent.messages, "%s", ops->name);
    cr_assert_leq(whole, sample.received.messages + sample.damage.lost_messages, "%s",
                  ops->name);
    cr_assert_eq(sample.damage.corrupt_messages, 0, "%s", ops->name);
    cr_assert_eq(sample.damage.reordered_messages, 0, "%s", ops->name);
    cr_assert_eq(sample.damage.duplicated_messages, 0, "%s", ops->name);
    cr_assert((ops->caps & IPM_CAP_RELIABLE) == 0 || sample.damage.lost_messages == 0);
    return sample;
}

static void io_move(struct ipm_test_trial *config) {
    struct ipm_err err = {0};
    size_t most = 0;
    cr_assert_eq(ipm_runner_try(config->trial.transport, 0, &most, &err), 0);
    if (config->settings.message_bytes > most)
        config->settings.message_bytes = most;
    struct ipm_sample sample = io_run(config);
    ipm_sample_done(&sample);
}

/* Small, of more than a page, of more than a pipe and a socket hold, and of 8 MiB. */
static void io_move_all(const char *pattern, uint64_t batch) {
    static const uint64_t sizes[] = {1, 64, 5000, 300000, 8 << 20};
    struct ipm_leaks leaks;
    io_begin();
    ipm_leaks_begin(&leaks);
    for (size_t i = 0; ipm_rig_row(i); i++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            struct ipm_test_trial config = io_config(ipm_rig_row(i), pattern, sizes[s]);
            if (!io_can(config.trial.transport, config.trial.pattern))
                continue;
            config.settings.batch = sizes[s] > 1 << 20 ? 2 : batch;
            config.trial.messages = sizes[s] > 1 << 20 ? 3 : IO_MESSAGES;
            io_move(&config);
            ipm_leaks_check(&leaks);
        }
    ipm_leaks_end(&leaks);
    cr_assert_eq(ipm_leaks_threads(), io_threads_before);
}

Test(io, by_a_ring_moves_one_message_a_turn) {
    io_move_all("stream", 1);
}

Test(io, by_a_ring_moves_a_batch_a_turn) {
    io_move_all("stream", 32);
}

Test(io, by_two_rings_moves_both_ways_at_once) {
    io_move_all("duplex", 7);
}

Test(io, by_a_ring_asks_and_answers) {
    io_move_all("ping-pong", 1);
}

/* Writes are cut short inside a chain, and what is behind them is cancelled. */
Test(io, that_is_cut_short_in_a_chain_goes_on_where_it_was_cut) {
    io_begin();
    for (size_t i = 0; ipm_rig_row(i); i++)
        for (size_t f = 0; ipm_framings[f]; f++) {
            struct ipm_test_trial config = io_config(ipm_rig_row(i), "stream", 5000);
            const unsigned caps = config.trial.transport->caps;
            if (!io_can(config.trial.transport, config.trial.pattern) ||
                (caps & IPM_CAP_MESSAGES) != 0)
                continue;
            config.trial.framing = ipm_framings[f];
            config.settings.buffer_bytes = 4096;
            config.settings.batch = 9;
            io_move(&config);
        }
}

Test(io, has_as_many_calls_as_there_were_turns) {
    io_begin();
    for (size_t i = 0; ipm_rig_row(i); i++) {
        struct ipm_test_trial config = io_config(ipm_rig_row(i), "stream", 64);
        config.settings.batch = 7;
        if (!io_can(config.trial.transport, config.trial.pattern))
            continue;
        struct ipm_sample sample = io_run(&config);
        cr_assert_eq(sample.sent.calls, IO_MESSAGES / 7 + sample.sent.partial_calls,
                     "%s: %lu", config.trial.transport->name, sample.sent.calls);
        cr_assert_lt(0, sample.received.calls);
        ipm_sample_done(&sample);
    }
}

/* One turn a message at each end, where the system's own calls are two, and one more at the
 * end that begins to wait and answers last. */
Test(io, of_question_and_answer_is_one_turn_each) {
    io_begin();
    for (size_t i = 0; ipm_rig_row(i); i++) {
        struct ipm_test_trial config = io_config(ipm_rig_row(i), "ping-pong", 64);
        if (!io_can(config.trial.transport, config.trial.pattern))
            continue;
        struct ipm_sample sample = io_run(&config);
        const uint64_t calls = sample.sent.calls + sample.received.calls;
        cr_assert(calls == 2 * IO_MESSAGES + 1 ||
                      (config.trial.transport->caps & IPM_CAP_RELIABLE) == 0,
                  "%s: %lu", config.trial.transport->name, calls);
        cr_assert_eq(sample.latency.count, IO_MESSAGES);
        ipm_sample_done(&sample);
    }
}

/* --- accidents ---------------------------------------------------------------------- */

static void io_expect_refused(const char *pattern) {
    struct ipm_test_trial config = io_config(ipm_transport_find("unix"), pattern, 64);
    struct ipm_sample sample;
    struct ipm_err err = {0};
    cr_assert_eq(ipm_test_trial_run(&config, &sample, NULL, &err), -ENOMEM, "%s",
                 err.text);
    cr_assert_str_eq(err.text, "cannot make an io_uring: Cannot allocate memory");
}

Test(io, that_cannot_have_its_ring_is_one_clear_line_and_leaves_nothing) {
    struct ipm_leaks leaks;
    io_begin();
    ipm_refuse(SYS_io_uring_setup, ENOMEM); /* after the probe, as by a limit */
    ipm_leaks_begin(&leaks);
    io_expect_refused("stream");
    io_expect_refused("duplex");
    io_expect_refused("ping-pong");
    ipm_leaks_end(&leaks);
    cr_assert_eq(ipm_leaks_threads(), io_threads_before);
}

static const struct ipm_transport *io_real;
static enum ipm_side io_struck;
static int io_signal;

/* Before the window, so that it strikes in it. */
static void io_describe(const struct ipm_endpoint *end, struct ipm_facts *endpoint,
                        struct ipm_facts *settings) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = io_signal};
    const struct itimerspec once = {.it_value = {.tv_nsec = IO_STRIKE_NS}};
    timer_t timer;
    io_real->describe(end, endpoint, settings);
    if (end->side == io_struck && timer_create(CLOCK_MONOTONIC, &event, &timer) == 0)
        (void)timer_settime(timer, 0, &once, NULL);
}

static void io_strike(const char *pattern, const struct ipm_transport *real, int wanted,
                      const char *words) {
    struct ipm_transport rigged = *real;
    struct ipm_sample sample;
    struct ipm_err err = {0};
    io_real = real;
    rigged.describe = io_describe;
    struct ipm_test_trial config = io_config(&rigged, pattern, 2000);
    config.trial.messages = 1ull << 40;
    config.settings.verify = false;
    config.settings.batch = strcmp(pattern, "ping-pong") == 0 ? 1 : 8;
    config.trial.timeout_ns = io_signal == SIGSTOP ? 150000000 : 20000000000u;
    int failed = ipm_test_trial_run(&config, &sample, NULL, &err);
    /* A busy machine needs longer to come to where the child is stopped. */
    while (failed == -ETIMEDOUT && !strstr(err.text, words) &&
           config.trial.timeout_ns < 20000000000u) {
        config.trial.timeout_ns *= 4;
        err = (struct ipm_err){0};
        failed = ipm_test_trial_run(&config, &sample, NULL, &err);
    }
    cr_assert_eq(failed, wanted, "%s over %s: %d %s", pattern, real->name, failed,
                 err.text);
    cr_assert_not_null(strstr(err.text, words), "%s over %s: %s", pattern, real->name,
                       err.text);
}

static void io_strike_all(enum ipm_side side, int signal_number, int wanted,
                          const char *words) {
    static const char *const patterns[] = {"stream", "duplex", "ping-pong"};
    struct ipm_leaks leaks;
    io_begin();
    io_struck = side;
    io_signal = signal_number;
    ipm_leaks_begin(&leaks);
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++)
        for (size_t i = 0; ipm_rig_row(i); i++) {
            if (!io_can(ipm_rig_row(i), ipm_pattern_find(patterns[p])))
                continue;
            io_strike(patterns[p], ipm_rig_row(i), wanted, words);
            ipm_leaks_check(&leaks);
        }
    ipm_leaks_end(&leaks);
    cr_assert_eq(ipm_leaks_threads(), io_threads_before);
}

Test(io, by_a_ring_ends_with_one_clear_line_when_its_peer_is_killed) {
    io_strike_all(IPM_CHILD, SIGKILL, -ECHILD, "killed by signal 9");
}

Test(io, by_a_ring_ends_by_the_watchdog_when_its_peer_stands_still) {
    io_strike_all(IPM_CHILD, SIGSTOP, -ETIMEDOUT, "the child is stopped");
}

/* The wish stays, so there is one trial to a test. */
static void io_interrupt(const char *pattern, const char *transport) {
    struct ipm_leaks leaks;
    io_begin();
    io_struck = IPM_PARENT;
    io_signal = SIGINT;
    ipm_leaks_begin(&leaks);
    io_strike(pattern, ipm_transport_find(transport), -EINTR, "interrupted");
    ipm_leaks_end(&leaks);
    cr_assert_eq(ipm_leaks_threads(), io_threads_before);
}

Test(io, by_a_ring_stops_when_the_user_says_so) {
    io_interrupt("stream", "tcp");
}

Test(io, by_two_rings_stops_when_the_user_says_so) {
    io_interrupt("duplex", "udp");
}

Test(io, by_a_ring_that_waits_for_an_answer_stops_when_the_user_says_so) {
    io_interrupt("ping-pong", "pipe-pair");
}
