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
#include "run/trial/trial.h"
#include "tests/support/leaks.h"
#include "transports/transport.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool ipm_patterns_can(const struct ipm_transport *ops, const struct ipm_pattern *row) {
    const unsigned traits = row->kind.traits;
    if ((traits & IPM_TRAIT_CONNECTS) != 0 && !ops->connect)
        return false;
    return (traits & IPM_TRAIT_TWO_WAY) == 0 || ops->direction != IPM_SIMPLEX;
}

struct ipm_trial_config ipm_patterns_config(const struct ipm_transport *ops,
                                            const char *pattern, uint64_t bytes) {
    const struct ipm_pattern *row = ipm_pattern_find(pattern);
    const bool connects = (row->kind.traits & IPM_TRAIT_CONNECTS) != 0;
    return (struct ipm_trial_config){.transport = ops,
                                     .pattern = row,
                                     .message_bytes = connects ? 1 : bytes,
                                     .recv_bytes = bytes < 65536 ? 65536 : bytes,
                                     .messages = PATTERNS_MESSAGES,
                                     .seed = 3,
                                     .sender_cpu = -1,
                                     .receiver_cpu = -1,
                                     .timeout_ns = 20000000000u};
}

struct ipm_sample ipm_patterns_run(const struct ipm_trial_config *config) {
    struct ipm_sample sample;
    struct ipm_err err = {0};
    cr_assert_eq(config->pattern->trial(config, &sample, NULL, &err), 0,
                 "%s over %s, %s: %s", config->pattern->kind.name,
                 config->transport->name,
                 config->framing ? config->framing->name : "no framing", err.text);
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

/* Nothing is lost, in a transport that loses nothing. */
static void patterns_add_up(const struct ipm_trial_config *config, uint64_t ways) {
    struct ipm_sample sample = ipm_patterns_run(config);
    const char *name = config->pattern->kind.name;
    const struct ipm_framing *framing = config->framing ? config->framing : *ipm_framings;
    const uint64_t whole = config->messages * ways;
    cr_assert_eq(sample.sent.messages, whole, "%s", name);
    cr_assert_eq(sample.sent.bytes, whole * config->message_bytes);
    cr_assert_eq(sample.received.messages + sample.damage.lost_messages, whole,
                 "%s over %s: %lu", name, config->transport->name,
                 (unsigned long)sample.received.messages);
    cr_assert_eq(sample.received.bytes, sample.received.messages * config->message_bytes);
    cr_assert_eq(sample.damage.corrupt_messages, 0, "%s", name);
    cr_assert((config->transport->caps & IPM_CAP_RELIABLE) == 0 ||
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
            struct ipm_trial_config config =
                ipm_patterns_config(ipm_rig_row(i), pattern, 4096);
            config.verify = verify != 0;
            if (ipm_patterns_can(config.transport, config.pattern))
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

Test(patterns, of_connections_count_one_message_each) {
    patterns_each("connect", 1);
}

static void patterns_frame(const char *pattern, uint64_t ways, uint64_t bytes) {
    for (size_t i = 0; ipm_rig_row(i); i++)
        for (size_t f = 0; ipm_framings[f]; f++)
            for (int verify = 0; verify < 2; verify++) {
                struct ipm_trial_config config =
                    ipm_patterns_config(ipm_rig_row(i), pattern, bytes);
                config.framing = ipm_framings[f];
                config.verify = verify != 0;
                config.batch = (config.pattern->kind.traits & IPM_TRAIT_BATCHES) ? 7 : 1;
                if ((config.transport->caps & IPM_CAP_MESSAGES) == 0 &&
                    ipm_patterns_can(config.transport, config.pattern))
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
            struct ipm_trial_config config =
                ipm_patterns_config(ipm_rig_row(i), "stream", 600);
            if (!ipm_rig_row(i)->send_batch)
                continue;
            config.batch = 16;
            config.messages = 1000;
            config.verify = verify != 0;
            patterns_add_up(&config, 1);
            config.pattern = ipm_pattern_find("duplex");
            patterns_add_up(&config, 2);
        }
}

/* Both ends have more to send than all the kernel's buffers hold. Threads that spin on too
 * few CPUs hand over a buffer a time slice: then it is not to be the smallest. */
Test(patterns, of_both_ways_at_once_cannot_deadlock) {
    static const uint64_t sizes[] = {8 << 20, 100000};
    ipm_patterns_begin();
    for (size_t i = 0; ipm_rig_row(i); i++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            for (int spin = 0; spin < 2; spin++) {
                struct ipm_trial_config config =
                    ipm_patterns_config(ipm_rig_row(i), "duplex", sizes[s]);
                config.messages = 3;
                config.spin = spin != 0;
                config.buffer_bytes = spin && s == 0 ? 0 : 4096;
                config.timeout_ns = 100000000000u;
                if ((config.transport->caps & IPM_CAP_MESSAGES) == 0 &&
                    ipm_patterns_can(config.transport, config.pattern))
                    patterns_add_up(&config, 2);
            }
}

Test(patterns, of_question_and_answer_cannot_deadlock) {
    ipm_patterns_begin();
    for (size_t i = 0; ipm_rig_row(i); i++) {
        struct ipm_trial_config config =
            ipm_patterns_config(ipm_rig_row(i), "ping-pong", 8 << 20);
        config.messages = 4;
        config.buffer_bytes = 4096;
        if ((config.transport->caps & IPM_CAP_MESSAGES) == 0 &&
            ipm_patterns_can(config.transport, config.pattern))
            patterns_add_up(&config, 2);
    }
}

Test(patterns, of_both_ways_at_once_tell_each_way_apart) {
    struct ipm_trial_config config =
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
    struct ipm_trial_config config =
        ipm_patterns_config(ipm_transport_find("udp"), "duplex", 1000);
    config.messages = 20000;
    config.buffer_bytes = 2048;
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
            struct ipm_trial_config config =
                ipm_patterns_config(ipm_rig_row(i), names[p], 64);
            if (!ipm_patterns_can(config.transport, config.pattern))
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
        struct ipm_trial_config config =
            ipm_patterns_config(ipm_transport_find("unix"), "ping-pong", 64);
        config.messages = 20;
        config.think_ns = 10000000;
        config.spin = spin != 0;
        struct ipm_sample sample = ipm_patterns_run(&config);
        cr_assert_leq(19 * config.think_ns + sample.latency.sum_ns, sample.elapsed_ns);
        cr_assert_eq(sample.latency.count, 20);
        ipm_sample_done(&sample);
    }
}
