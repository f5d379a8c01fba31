/* test_patterns.c - every pattern over every transport that can: the counts add up, and
 * nothing deadlocks. */
#include "patterns.h"

#include "base/clock.h"
#include "base/err.h"
#include "rig.h"
#include "rows.h"
#include "run/framings/framing.h"
#include "run/patterns/pattern.h"
#include "run/process/stop.h"
#include "tests/support/leaks.h"
#include "tests/support/trial.h"
#include "transports/transport.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATTERNS_TRIES = 5 };

bool ipm_patterns_can(const struct ipm_transport *ops, const struct ipm_pattern *row) {
    const unsigned traits = row->kind.traits;
    if ((traits & IPM_TRAIT_CONNECTS) != 0 && !ops->connect)
        return false;
    return (traits & IPM_TRAIT_TWO_WAY) == 0 || ops->direction != IPM_SIMPLEX;
}

struct ipm_test_trial ipm_patterns_config(const struct ipm_transport *ops,
                                          const char *pattern, uint64_t bytes) {
    struct ipm_test_trial config =
        ipm_test_trial_make(ops, pattern, bytes, PATTERNS_MESSAGES);
    config.trial.seed = 3;
    if ((config.trial.pattern->kind.traits & IPM_TRAIT_CONNECTS) != 0)
        config.settings.message_bytes = 1;
    return config;
}

struct ipm_sample ipm_patterns_run(const struct ipm_test_trial *config) {
    struct ipm_sample sample;
    struct ipm_err err = {0};
    cr_assert_eq(ipm_test_trial_run(config, &sample, NULL, &err), 0, "%s over %s, %s: %s",
                 config->trial.pattern->kind.name, config->trial.transport->name,
                 config->trial.framing ? config->trial.framing->name : "no framing",
                 err.text);
    return sample;
}

static int patterns_threads_before; /* Criterion has one of its own */

void ipm_patterns_begin(void) {
    ipm_stop_install();
    patterns_threads_before = ipm_leaks_threads();
}

void ipm_patterns_end(void) {
    cr_assert_eq(ipm_leaks_threads(), patterns_threads_before);
}

/* On a busy machine what is late over a transport that may lose is sent again: then the trial is
 * run again, too. */
static struct ipm_sample patterns_run_calm(const struct ipm_test_trial *config,
                                           uint64_t whole) {
    struct ipm_sample sample = ipm_patterns_run(config);
    for (int i = 1; i < PATTERNS_TRIES && sample.sent.messages != whole &&
                    (config->trial.transport->caps & IPM_CAP_RELIABLE) == 0;
         i++) {
        ipm_sample_done(&sample);
        sample = ipm_patterns_run(config);
    }
    return sample;
}

/* Nothing is lost, in a transport that loses nothing. */
static void patterns_add_up(const struct ipm_test_trial *config, uint64_t ways) {
    const uint64_t whole = config->trial.messages * ways;
    struct ipm_sample sample = patterns_run_calm(config, whole);
    const char *name = config->trial.pattern->kind.name;
    const struct ipm_framing *framing =
        config->trial.framing ? config->trial.framing : *ipm_framings;
    const double mean_bytes = ipm_settings_mean_bytes(&config->settings);
    cr_assert_eq(sample.sent.messages, whole, "%s", name);
    cr_assert_eq((double)sample.sent.bytes, (double)whole * mean_bytes);
    cr_assert_eq(sample.received.messages + sample.damage.lost_messages, whole,
                 "%s over %s: %lu", name, config->trial.transport->name,
                 (unsigned long)sample.received.messages);
    cr_assert_eq((double)sample.received.bytes,
                 (double)sample.received.messages * mean_bytes);
    cr_assert_eq(sample.damage.corrupt_messages, 0, "%s", name);
    cr_assert((config->trial.transport->caps & IPM_CAP_RELIABLE) == 0 ||
              sample.damage.lost_messages == 0);
    cr_assert_eq(sample.framing_bytes,
                 whole * (framing->head_bytes + framing->tail_bytes), "%s, %s", name,
                 framing->name);
    cr_assert_lt(0, sample.elapsed_ns);
    cr_assert_lt(sample.elapsed_ns, 20000000000u);
    ipm_sample_done(&sample);
}

static void patterns_each(const char *pattern, uint64_t ways) {
    struct ipm_leaks leaks;
    ipm_patterns_begin();
    ipm_leaks_begin(&leaks);
    for (size_t i = 0; ipm_rig_row(i); i++)
        for (int verify = 0; verify < 2; verify++) {
            struct ipm_test_trial config =
                ipm_patterns_config(ipm_rig_row(i), pattern, 4096);
            config.settings.verify = verify != 0;
            if (ipm_patterns_can(config.trial.transport, config.trial.pattern))
                patterns_add_up(&config, ways);
            ipm_leaks_check(&leaks);
        }
    ipm_leaks_end(&leaks);
    ipm_patterns_end();
}

Test(patterns, of_both_ways_at_once_count_both) {
    patterns_each("duplex", 2);
}

Test(patterns, of_question_and_answer_count_both) {
    patterns_each("ping-pong", 2);
}

/* Each transport, and each framing of one: one direction has more than a page, the other one
 * less than a number. */
static void patterns_respond(const struct ipm_transport *ops, int verify,
                             const struct ipm_framing *framing) {
    static const uint64_t sizes[][2] = {{64, 5000}, {5000, 3}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct ipm_test_trial config = ipm_patterns_config(ops, "ping-pong", sizes[i][0]);
        config.settings.response_bytes = sizes[i][1];
        config.settings.verify = verify != 0;
        config.trial.framing = framing;
        if (ipm_patterns_can(ops, config.trial.pattern))
            patterns_add_up(&config, 2);
    }
}

Test(patterns, of_question_and_answer_have_a_size_each) {
    ipm_patterns_begin();
    for (size_t i = 0; ipm_rig_row(i); i++)
        for (int verify = 0; verify < 2; verify++)
            patterns_respond(ipm_rig_row(i), verify, NULL);
    for (size_t f = 0; ipm_framings[f]; f++)
        patterns_respond(ipm_transport_find("unix"), f % 2 != 0, ipm_framings[f]);
    ipm_patterns_end();
}

Test(patterns, of_connections_count_one_message_each) {
    patterns_each("connect", 1);
}

/* Every other trial is verified: of two neighbours in the table not the same ones. */
static void patterns_frame(const char *pattern, uint64_t ways, uint64_t bytes) {
    for (size_t i = 0; ipm_rig_row(i); i++)
        for (size_t f = 0; ipm_framings[f]; f++) {
            struct ipm_test_trial config =
                ipm_patterns_config(ipm_rig_row(i), pattern, bytes);
            config.trial.messages = 15; /* two batches, and one message */
            config.trial.framing = ipm_framings[f];
            config.settings.verify = (i + f) % 2 == 0;
            config.settings.batch =
                (config.trial.pattern->kind.traits & IPM_TRAIT_BATCHES) ? 7 : 1;
            if ((config.trial.transport->caps & IPM_CAP_MESSAGES) == 0 &&
                ipm_patterns_can(config.trial.transport, config.trial.pattern))
                patterns_add_up(&config, ways);
        }
}

Test(patterns, framed_and_in_batches_rebuild_every_message) {
    static const uint64_t sizes[] = {1, 2, 17, 5000, 70000};
    ipm_patterns_begin();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        patterns_frame("stream", 1, sizes[i]);
        patterns_frame("duplex", 2, sizes[i]);
        patterns_frame("ping-pong", 2, sizes[i]);
    }
}

Test(patterns, of_messages_in_batches_lose_nothing_that_is_not_told) {
    ipm_patterns_begin();
    for (size_t i = 0; ipm_rig_row(i); i++)
        for (int verify = 0; verify < 2; verify++) {
            struct ipm_test_trial config =
                ipm_patterns_config(ipm_rig_row(i), "stream", 600);
            if (!ipm_rig_row(i)->send_batch)
                continue;
            config.settings.batch = 16;
            config.trial.messages = 1000;
            config.settings.verify = verify != 0;
            patterns_add_up(&config, 1);
            config.trial.pattern = ipm_pattern_find("duplex");
            patterns_add_up(&config, 2);
        }
}

/* Both ends have more to send than the kernel's buffers hold: the default ones of TCP grow to
 * 6 MiB. Threads that spin on too few CPUs hand over a buffer a time slice, so their large
 * messages do not take the smallest buffers. */
Test(patterns, of_both_ways_at_once_cannot_deadlock) {
    static const struct {
        uint64_t message_bytes, messages, buffer_bytes;
        char wait[IPM_NAME_BYTES];
    } rows[] = {{1 << 20, 2, 4096, "block"},
                {8 << 20, 2, 0, "spin"},
                {100000, 3, 4096, "hybrid"},
                {100000, 1, 4096, "spin"}};
    ipm_patterns_begin();
    for (size_t i = 0; ipm_rig_row(i); i++)
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
            struct ipm_test_trial config =
                ipm_patterns_config(ipm_rig_row(i), "duplex", rows[r].message_bytes);
            config.trial.messages = rows[r].messages;
            memcpy(config.settings.wait, rows[r].wait, sizeof rows[r].wait);
            config.settings.buffer_bytes = rows[r].buffer_bytes;
            config.trial.timeout_ns = 100000000000u;
            if ((config.trial.transport->caps & IPM_CAP_MESSAGES) == 0 &&
                ipm_patterns_can(config.trial.transport, config.trial.pattern))
                patterns_add_up(&config, 2);
        }
}

Test(patterns, of_question_and_answer_cannot_deadlock) {
    ipm_patterns_begin();
    for (size_t i = 0; ipm_rig_row(i); i++) {
        struct ipm_test_trial config =
            ipm_patterns_config(ipm_rig_row(i), "ping-pong", 1 << 20);
        config.trial.messages = 4;
        config.settings.buffer_bytes = 4096;
        if ((config.trial.transport->caps & IPM_CAP_MESSAGES) == 0 &&
            ipm_patterns_can(config.trial.transport, config.trial.pattern))
            patterns_add_up(&config, 2);
    }
}

Test(patterns, of_both_ways_at_once_tell_each_way_apart) {
    struct ipm_test_trial config =
        ipm_patterns_config(ipm_transport_find("unix"), "duplex", 4096);
    ipm_patterns_begin();
    struct ipm_sample sample = ipm_patterns_run(&config);
    cr_assert_eq(sample.flow_count, 2);
    for (int way = 0; way < 2; way++) {
        cr_assert_eq(sample.flows[way].messages, PATTERNS_MESSAGES);
        cr_assert_eq(sample.flows[way].bytes, PATTERNS_MESSAGES * 4096);
        cr_assert_lt(0, sample.flows[way].elapsed_ns);
    }
    cr_assert(sample.elapsed_ns == sample.flows[0].elapsed_ns ||
              sample.elapsed_ns == sample.flows[1].elapsed_ns);
    cr_assert_eq(sample.latency.count, 0);
    ipm_sample_done(&sample);
}

Test(patterns, of_both_ways_over_udp_count_the_losses_of_each) {
    struct ipm_test_trial config =
        ipm_patterns_config(ipm_transport_find("udp"), "duplex", 1000);
    config.trial.messages = 20000;
    config.settings.buffer_bytes = 2048;
    ipm_patterns_begin();
    struct ipm_sample sample = ipm_patterns_run(&config);
    cr_assert_lt(0, sample.damage.lost_messages);
    cr_assert_eq(sample.flows[0].messages + sample.flows[1].messages +
                     sample.damage.lost_messages,
                 40000);
    ipm_sample_done(&sample);
}

Test(patterns, that_wait_for_answers_time_each_of_them) {
    static const char *const names[] = {"ping-pong", "connect"};
    ipm_patterns_begin();
    for (size_t i = 0; ipm_rig_row(i); i++)
        for (size_t p = 0; p < 2; p++) {
            struct ipm_test_trial config =
                ipm_patterns_config(ipm_rig_row(i), names[p], 64);
            if (!ipm_patterns_can(config.trial.transport, config.trial.pattern))
                continue;
            struct ipm_sample sample = ipm_patterns_run(&config);
            cr_assert_eq(sample.latency.count, PATTERNS_MESSAGES);
            cr_assert_leq(sample.latency.min_ns * PATTERNS_MESSAGES,
                          sample.latency.sum_ns);
            cr_assert_leq(sample.latency.sum_ns, sample.elapsed_ns + 1000000);
            cr_assert_eq(sample.flow_count, 0);
            ipm_sample_done(&sample);
        }
}

Test(patterns, thinking_takes_its_time_but_is_no_part_of_the_latency) {
    ipm_patterns_begin();
    for (int spin = 0; spin < 2; spin++) {
        struct ipm_test_trial config =
            ipm_patterns_config(ipm_transport_find("unix"), "ping-pong", 64);
        config.trial.messages = 20;
        config.settings.think_ns = 10000000;
        (void)strcpy(config.settings.wait, spin ? "spin" : "block");
        struct ipm_sample sample = ipm_patterns_run(&config);
        cr_assert_leq(19 * config.settings.think_ns + sample.latency.sum_ns,
                      sample.elapsed_ns);
        cr_assert_eq(sample.latency.count, 20);
        ipm_sample_done(&sample);
    }
}
