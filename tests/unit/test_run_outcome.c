/* test_run_outcome.c - two windows become one sample. */
#include "run/trial/outcome.h"

#include "run/framings/framing.h"
#include "run/io/io.h"
#include "run/patterns/pattern.h"
#include "run/schedule/run_state.h"

#include <criterion/criterion.h>
#include <string.h>

static struct ipm_window sender;
static struct ipm_window receiver;
static struct ipm_timings timings;

static struct ipm_sample outcome_of(const char *pattern, const char *transport) {
    const struct ipm_trial_config config = {.pattern = ipm_pattern_find(pattern),
                                            .transport = ipm_transport_find(transport)};
    const struct ipm_outcome outcome = {.config = &config,
                                        .parent = &sender,
                                        .children = &receiver,
                                        .child_count = 1,
                                        .timings =
                                            timings.latency.count ? &timings : NULL,
                                        .timing_count = 1,
                                        .setup_ns = 5,
                                        .null_syscall_ns = 90};
    struct ipm_sample sample;
    cr_assert_eq(ipm_outcome_sample(&outcome, &sample), 0);
    return sample;
}

Test(run_outcome, of_one_way_runs_from_the_first_call_to_the_last_byte) {
    sender = (struct ipm_window){.begin_ns = 1000, .end_ns = 9000, .sent.messages = 7};
    receiver = (struct ipm_window){
        .begin_ns = 900, .end_ns = 4100, .last_ns = 4000, .received.messages = 6};
    struct ipm_sample sample = outcome_of("stream", "pipe");
    cr_assert_eq(sample.elapsed_ns, 3000);
    cr_assert_eq(sample.setup_ns, 5);
    cr_expect_eq(sample.null_syscall_ns, 90);
    cr_assert_eq(sample.sent.messages, 7);
    cr_assert_eq(sample.received.messages, 6);
    cr_assert_eq(sample.flow_count, 0);
    cr_assert_eq(sample.latency.count, 0);
    ipm_sample_done(&sample);
}

static void fill_both_ways(void) {
    sender = (struct ipm_window){.begin_ns = 1000,
                                 .end_ns = 5000,
                                 .last_ns = 4800,
                                 .sent = {10, 100, 11, 1},
                                 .received = {20, 200, 21, 2},
                                 .framing_bytes = 40,
                                 .damage = {1, 2, 3, 4}};
    receiver = (struct ipm_window){.begin_ns = 500,
                                   .end_ns = 4500,
                                   .last_ns = 4000,
                                   .sent = {20, 200, 23, 3},
                                   .received = {10, 100, 17, 4},
                                   .framing_bytes = 2,
                                   .damage = {10, 20, 30, 40}};
}

Test(run_outcome, of_both_ways_adds_them_up_and_tells_them_apart) {
    fill_both_ways();
    struct ipm_sample sample = outcome_of("duplex", "unix");
    cr_assert_eq(sample.elapsed_ns, 3800);
    cr_assert_eq(
        memcmp(&sample.sent, &(struct ipm_counts){30, 300, 34, 4}, sizeof sample.sent),
        0);
    cr_assert_eq(memcmp(&sample.received, &(struct ipm_counts){30, 300, 38, 6},
                        sizeof sample.received),
                 0);
    cr_assert_eq(memcmp(&sample.damage, &(struct ipm_damage){11, 22, 33, 44},
                        sizeof sample.damage),
                 0);
    cr_assert_eq(sample.framing_bytes, 42);
    cr_assert_eq(sample.flow_count, 2);
    cr_assert_eq(memcmp(&sample.flows[0], &(struct ipm_flow_use){10, 100, 3000},
                        sizeof *sample.flows),
                 0);
    cr_assert_eq(memcmp(&sample.flows[1], &(struct ipm_flow_use){20, 200, 3800},
                        sizeof *sample.flows),
                 0);
    ipm_sample_done(&sample);
}

Test(run_outcome, of_both_ways_begins_with_the_child_that_sends_first) {
    fill_both_ways();
    receiver.first_ns = 700;
    struct ipm_sample sample = outcome_of("duplex", "shm-ring");
    cr_expect_eq(sample.elapsed_ns, 4100);
    cr_expect_eq(sample.flows[0].elapsed_ns, 3300);
    cr_expect_eq(sample.flows[1].elapsed_ns, 4100);
    ipm_sample_done(&sample);
    receiver.first_ns = 1200;
    sample = outcome_of("duplex", "unix");
    cr_expect_eq(sample.elapsed_ns, 3800);
    ipm_sample_done(&sample);
}

Test(run_outcome, of_answers_has_latencies_and_no_ways) {
    fill_both_ways();
    ipm_histogram_record(&timings.latency, 300);
    ipm_histogram_record(&timings.latency, 500);
    struct ipm_sample sample = outcome_of("ping-pong", "unix");
    cr_assert_eq(sample.flow_count, 0);
    cr_assert_eq(sample.latency.count, 2);
    cr_assert_eq(sample.latency.max_ns, 500);
    ipm_sample_done(&sample);
}

Test(run_outcome, of_what_moves_nothing_is_the_longer_of_the_two) {
    fill_both_ways();
    receiver.end_ns = 5500;
    struct ipm_sample sample = outcome_of("duplex", "null");
    cr_assert_eq(sample.elapsed_ns, 5000);
    cr_assert_eq(sample.flows[0].elapsed_ns, 5000);
    cr_assert_eq(sample.flows[1].elapsed_ns, 4000);
    ipm_sample_done(&sample);
}

Test(run_outcome, is_asked_for_by_the_case_of_the_plan) {
    struct ipm_plan_case planned = {
        .transport = ipm_transport_find("unix"),
        .config = {.message_bytes = 64, .clients = 1, .batch = 8, .think_ns = 1000}};
    struct ipm_plan plan = {.count = 1, .cases = &planned};
    const struct ipm_options options = {.seed = 4};
    const struct ipm_run_state walk = {.plan = &plan, .options = &options};
    strcpy(planned.config.pattern, "ping-pong");
    strcpy(planned.config.framing, "length");
    strcpy(planned.config.io, "uring");
    const struct ipm_trial_config config = ipm_run_state_config(&walk, 0, 9);
    cr_assert_eq(config.pattern, ipm_pattern_find("ping-pong"));
    cr_assert_eq(config.framing, ipm_framing_find("length"));
    cr_assert_eq(config.io, ipm_io_find("uring"));
    cr_assert_eq(config.settings, &planned.config);
    cr_assert_eq(config.messages, 9);
}

Test(run_outcome, of_several_pairs_is_as_slow_as_the_slowest) {
    struct ipm_sample sum = {.null_syscall_ns = 90};
    ipm_outcome_add(&sum, &(struct ipm_sample){.null_syscall_ns = 120});
    ipm_outcome_add(&sum, &(struct ipm_sample){.null_syscall_ns = 100});
    cr_expect_eq(sum.null_syscall_ns, 120);
}
