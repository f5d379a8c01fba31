/* test_model_warning_rules.c - each rule once set off and once not. */
#include "test_model_calm.h"
#include "tests/support/report_sample.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void warn_set_all(struct ipm_case *c, enum ipm_role role, int first, int last) {
    for (size_t i = 0; i < c->trial_count; i++) {
        c->trials[i].usage[role].first_cpu = first;
        c->trials[i].usage[role].last_cpu = last;
    }
}

Test(model_warning_rules, a_calm_run_has_none) {
    struct ipm_report r;
    (void)test_warn_calm(&r);
    test_warn_expect_none(&r);
    ipm_report_done(&r);
}

Test(model_warning_rules, unknown_machines_are_not_accused) {
    struct ipm_report r;
    (void)test_warn_calm(&r);
    r.tool.build_type[0] = r.host.governor[0] = '\0';
    r.host.cpus_online = r.host.cpus_allowed = -1;
    r.host.load_1m = 99;
    test_warn_expect_none(&r);
    r.host.cpus_online = 1;
    r.host.load_1m = NAN;
    test_warn_expect_none(&r);
    ipm_report_done(&r);
}

Test(model_warning_rules, a_governor_that_saves_power) {
    struct ipm_report r;
    (void)test_warn_calm(&r);
    (void)snprintf(r.host.governor, sizeof r.host.governor, "powersave");
    test_warn_expect(&r, IPM_WARN_GOVERNOR,
                     "the CPU frequency governor is 'powersave', not 'performance'");
    ipm_report_done(&r);
}

Test(model_warning_rules, a_load_above_half_of_the_cpus) {
    struct ipm_report r;
    (void)test_warn_calm(&r);
    r.host.load_1m = 2.0;
    test_warn_expect_none(&r);
    r.host.load_1m = 2.01;
    test_warn_expect(&r, IPM_WARN_LOAD, "the load average was 2.01 on 4 CPUs");
    ipm_report_done(&r);
}

Test(model_warning_rules, trials_that_others_took_cpu_time_from) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    c->trials[0].contended = c->trials[3].contended = 1;
    test_warn_expect(&r, IPM_WARN_CONTENDED,
                     "others took CPU time: stream/unix/64 (2 of 10 "
                     "trials, by other programs)");
    c->trials[0].throttled_ns = c->trials[3].throttled_ns = 50000000;
    r.host.cpu_quota_cpus = 0.2;
    cr_expect_str_eq(test_warn_find(&r, IPM_WARN_CONTENDED)->cause, "quota");
    cr_expect_str_eq(test_warn_find(&r, IPM_WARN_CONTENDED)->message,
                     "others took CPU time: stream/unix/64 (2 of 10 "
                     "trials, by a quota of 0.2 CPUs)");
    ipm_report_done(&r);
}

Test(model_warning_rules, a_cpu_that_was_slower_in_most_trials) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    for (size_t i = 0; i < c->trial_count; i++)
        c->trials[i].null_syscall_ns = i < 6 ? 140 : i == 6 ? 104 : 100;
    test_warn_expect(&r, IPM_WARN_SLOWED,
                     "a CPU ran below its full speed: stream/unix/64 (6 of 10 trials, by "
                     "40 % on average)");
    c->trials[0].null_syscall_ns = NAN;
    test_warn_expect_none(&r);
    ipm_report_done(&r);
}

Test(model_warning_rules, one_cpu_for_two_ends_is_said_once) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    r.host.cpus_allowed = 1;
    warn_set_all(c, IPM_RECEIVER, 0, 0);
    test_warn_expect(&r, IPM_WARN_FEW_CPUS,
                     "only one CPU is allowed, and the two ends take turns on it");
    ipm_report_done(&r);
}

Test(model_warning_rules, both_ends_on_one_cpu_in_most_trials) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    warn_set_all(c, IPM_RECEIVER, 0, 0);
    test_warn_expect(&r, IPM_WARN_ONE_CPU,
                     "both ends ran on one CPU in most trials: stream/unix/64");
    for (size_t i = 0; i < 5; i++)
        c->trials[i].usage[IPM_RECEIVER].last_cpu = 1;
    cr_expect_null(test_warn_find(&r, IPM_WARN_ONE_CPU));
    ipm_report_done(&r);
}

Test(model_warning_rules, ends_that_were_pinned_to_one_cpu_are_no_surprise) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    warn_set_all(c, IPM_RECEIVER, 0, 0);
    (void)snprintf(c->config.pin, sizeof c->config.pin, "same");
    c->trials[0].usage[IPM_SENDER].migrations = 3;
    test_warn_expect_none(&r);
    ipm_report_done(&r);
}

Test(model_warning_rules, cpus_that_are_unknown_are_not_the_same_cpu) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    for (size_t i = 0; i < c->trial_count; i++)
        c->trials[i].usage[IPM_SENDER].migrations = -1;
    warn_set_all(c, IPM_SENDER, -1, -1);
    warn_set_all(c, IPM_RECEIVER, -1, -1);
    test_warn_expect_none(&r);
    ipm_report_done(&r);
}

Test(model_warning_rules, an_end_that_migrated) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    c->trials[3].usage[IPM_RECEIVER].migrations = 2;
    c->trials[4].usage[IPM_SENDER].migrations = 1;
    test_warn_expect(&r, IPM_WARN_MIGRATED,
                     "an end migrated between CPUs: stream/unix/64 (3 migrations)");
    ipm_report_done(&r);
}

Test(model_warning_rules, without_a_count_of_migrations_the_cpus_tell) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    for (size_t i = 0; i < c->trial_count; i++)
        c->trials[i].usage[IPM_SENDER].migrations = -1;
    test_warn_expect_none(&r);
    c->trials[0].usage[IPM_SENDER].first_cpu = 2;
    test_warn_expect(&r, IPM_WARN_MIGRATED,
                     "an end migrated between CPUs: stream/unix/64 (1 migration)");
    ipm_report_done(&r);
}

Test(model_warning_rules, a_count_of_migrations_is_believed_when_there_is_one) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    c->trials[0].usage[IPM_SENDER].first_cpu = 2;
    test_warn_expect_none(&r);
    ipm_report_done(&r);
}

Test(model_warning_rules, an_end_that_moved_between_trials) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    for (size_t i = 6; i < c->trial_count; i++)
        c->trials[i].usage[IPM_RECEIVER].first_cpu =
            c->trials[i].usage[IPM_RECEIVER].last_cpu = 3;
    test_warn_expect(&r, IPM_WARN_MIGRATED,
                     "an end migrated between CPUs: stream/unix/64 (1 migration)");
    ipm_report_done(&r);
}

/* The interval of ten is from the second to the ninth value. */
static void warn_spread(struct ipm_case *c, uint64_t high_bytes) {
    for (size_t i = 0; i < c->trial_count; i++)
        c->trials[i].received.bytes = i < 7 ? 100000 : high_bytes;
}

Test(model_warning_rules, an_interval_wider_than_a_tenth) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    warn_spread(c, 110000);
    test_warn_expect_none(&r);
    warn_spread(c, 112000);
    test_warn_expect(&r, IPM_WARN_WIDE_INTERVAL,
                     "the 95 % interval is wider than ±5 %: stream/unix/64 (±6 %)");
    ipm_report_done(&r);
}

/* Only how many there were is looked at. */
static void warn_latencies(struct ipm_case *c, uint64_t high_count) {
    for (size_t i = 0; i < c->trial_count; i++) {
        ipm_latency_done(&c->trials[i].latency);
        c->trials[i].latency.count = i < 7 ? 100 : high_count;
    }
}

Test(model_warning_rules, the_interval_is_that_of_the_primary_metric) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    c->primary = IPM_METRIC_ROUND_TRIPS;
    warn_spread(c, 112000);
    warn_latencies(c, 110);
    test_warn_expect_none(&r);
    warn_latencies(c, 115);
    test_warn_expect(&r, IPM_WARN_WIDE_INTERVAL,
                     "the 95 % interval is wider than ±5 %: stream/unix/64 (±8 %)");
    ipm_report_done(&r);
}

Test(model_warning_rules, where_one_of_many_clients_ran_says_nothing_of_the_others) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    warn_set_all(c, IPM_RECEIVER, 0, 0);
    c->trials[3].usage[IPM_SENDER].migrations = 2;
    cr_expect_not_null(test_warn_find(&r, IPM_WARN_ONE_CPU));
    cr_expect_not_null(test_warn_find(&r, IPM_WARN_MIGRATED));
    (void)snprintf(c->config.server, sizeof c->config.server, "poll");
    test_warn_expect_none(&r);
    ipm_report_done(&r);
}

Test(model_warning_rules, fewer_rounds_than_an_interval_takes) {
    struct ipm_report r;
    (void)test_warn_calm(&r);
    r.settings.rounds = 6;
    test_warn_expect_none(&r);
    r.settings.rounds = 5;
    test_warn_expect(&r, IPM_WARN_FEW_ROUNDS,
                     "5 rounds are too few for an interval, which needs 6");
    ipm_report_done(&r);
}

Test(model_warning_rules, rounds_that_an_interrupt_cut_short) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    c->trial_count = 1;
    r.run.status = IPM_RUN_INTERRUPTED;
    test_warn_expect(&r, IPM_WARN_FEW_ROUNDS,
                     "1 round is too few for an interval, which needs 6");
    c->trial_count = TEST_WARN_ROUNDS;
    ipm_report_done(&r);
}

Test(model_warning_rules, messages_lost_in_trials_or_in_the_verified_run) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    c->integrity.damage.lost_messages = 7;
    test_warn_expect(
        &r, IPM_WARN_LOSS,
        "messages were lost: stream/unix/64 (0 % in trials, 7 in the verified run)");
    c->trials[2].damage.lost_messages = 150;
    test_warn_expect(&r, IPM_WARN_LOSS, "messages were lost: stream/unix/64 (1.5 %)");
    ipm_report_done(&r);
}

Test(model_warning_rules, messages_damaged_in_trials_or_in_the_verified_run) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    c->integrity.damage.duplicated_messages = 2;
    c->trials[9].damage.corrupt_messages = 1;
    c->trials[0].damage.reordered_messages = 4;
    test_warn_expect(&r, IPM_WARN_DAMAGE,
                     "messages arrived damaged: stream/unix/64 (1 corrupt, 2 duplicated, "
                     "4 out of order)");
    ipm_report_done(&r);
}

Test(model_warning_rules, damage_to_a_case_that_failed_is_not_hidden) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    c->status = IPM_CASE_FAILED;
    c->integrity.damage.corrupt_messages = 1;
    cr_expect_not_null(test_warn_find(&r, IPM_WARN_DAMAGE));
    ipm_report_done(&r);
}

static void warn_forget(struct ipm_case *c) {
    for (int role = 0; role < IPM_ROLES; role++) {
        free(c->settings[role].items);
        c->settings[role] = (struct ipm_fact_list){0};
    }
}

static void warn_give(struct ipm_case *c, enum ipm_role role, const char *key,
                      int64_t bytes) {
    warn_forget(c);
    ipm_sample_fact_number(&c->settings[role], key, bytes);
}

static void warn_expect_buffer(struct ipm_report *report, const char *detail) {
    char message[IPM_WARNING_TEXT_BYTES];
    (void)snprintf(message, sizeof message,
                   "kernel buffers are smaller than requested or usual: "
                   "stream/unix/64 (%s)",
                   detail);
    test_warn_expect(report, IPM_WARN_BUFFER, message);
}

Test(model_warning_rules, less_buffering_than_was_asked_for) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    warn_give(c, IPM_SENDER, "so_sndbuf_bytes", 1000);
    test_warn_expect_none(&r);
    c->config.buffer_bytes = 1000;
    test_warn_expect_none(&r);
    c->config.buffer_bytes = 1001;
    warn_expect_buffer(&r, "so_sndbuf_bytes 1000 instead of 1001, see net.core.wmem_max");
    warn_give(c, IPM_RECEIVER, "so_rcvbuf_bytes", 1000);
    warn_expect_buffer(&r, "so_rcvbuf_bytes 1000 instead of 1001, see net.core.rmem_max");
    warn_give(c, IPM_SENDER, "msg_qbytes", 1000);
    warn_expect_buffer(&r, "msg_qbytes 1000 instead of 1001, see kernel.msgmnb");
    warn_forget(c);
    ipm_sample_fact_text(&c->settings[IPM_SENDER], "buffer_limit",
                         "3 messages, see ulimit -q");
    warn_expect_buffer(&r, "3 messages, see ulimit -q");
    ipm_report_done(&r);
}

Test(model_warning_rules, pipes_smaller_than_usual_and_the_limit_that_it_was) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    r.host.pipe_max_bytes = 1048576;
    warn_give(c, IPM_RECEIVER, "pipe_capacity_bytes", 65536);
    test_warn_expect_none(&r);
    warn_give(c, IPM_RECEIVER, "pipe_capacity_bytes", 8192);
    warn_expect_buffer(&r, "pipe_capacity_bytes 8192 instead of 65536, see "
                           "fs.pipe-user-pages-soft");
    c->config.buffer_bytes = 1048577;
    warn_expect_buffer(
        &r, "pipe_capacity_bytes 8192 instead of 1048577, see fs.pipe-max-size");
    c->config.buffer_bytes = 4096;
    test_warn_expect_none(&r);
    ipm_report_done(&r);
}

Test(model_warning_rules, the_buffer_that_an_end_does_not_use_does_not_matter) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    c->config.buffer_bytes = 1001;
    warn_give(c, IPM_SENDER, "so_rcvbuf_bytes", 1000);
    test_warn_expect_none(&r);
    ipm_report_done(&r);
}

Test(model_warning_rules, a_congestion_control_that_is_the_systems_and_paces) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    ipm_sample_fact_text(&c->settings[IPM_SENDER], "congestion", "cubic");
    test_warn_expect_none(&r);
    ipm_sample_fact_text(&c->settings[IPM_SENDER], "congestion", "reno");
    test_warn_expect_none(&r);
    ipm_sample_fact_text(&c->settings[IPM_SENDER], "congestion", "bbr");
    test_warn_expect(&r, IPM_WARN_CONGESTION,
                     "TCP may pace on loopback, too: "
                     "stream/unix/64 (bbr)");
    (void)snprintf(c->config.congestion, sizeof c->config.congestion, "bbr");
    test_warn_expect_none(&r);
    ipm_report_done(&r);
}

static void test_windows_of(uint64_t calm_ns, uint64_t off_ns) {
    struct ipm_report r;
    struct ipm_case *c = test_warn_calm(&r);
    for (size_t i = 0; i < c->trial_count; i++)
        c->trials[i].elapsed_ns = i < 5 ? off_ns : calm_ns;
    cr_expect_null(test_warn_find(&r, IPM_WARN_SHORT));
    for (size_t i = 0; i < c->trial_count; i++)
        c->trials[i].elapsed_ns = off_ns;
    test_warn_expect(&r, IPM_WARN_SHORT,
                     "most windows are shorter than half the requested duration or "
                     "longer than twice: stream/unix/64");
    ipm_report_done(&r);
}

Test(model_warning_rules, windows_shorter_than_half_of_what_was_asked) {
    test_windows_of(50000000, 49999999);
}

Test(model_warning_rules, windows_longer_than_double_of_what_was_asked) {
    test_windows_of(200000000, 200000002);
}

Test(model_warning_rules, a_build_that_is_not_optimised_or_is_sanitized) {
    struct ipm_report r;
    static const char *const poor[] = {"Debug", "Release+address", "None"};
    static const char *const good[] = {"Release", "RelWithDebInfo", "MinSizeRel"};
    (void)test_warn_calm(&r);
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(r.tool.build_type, sizeof r.tool.build_type, "%s", good[i]);
        test_warn_expect_none(&r);
        (void)snprintf(r.tool.build_type, sizeof r.tool.build_type, "%s", poor[i]);
        cr_expect_not_null(test_warn_find(&r, IPM_WARN_BUILD), "%s", poor[i]);
    }
    (void)snprintf(r.tool.build_type, sizeof r.tool.build_type, "Debug");
    test_warn_expect(
        &r, IPM_WARN_BUILD,
        "this is a Debug build, which measures ipcmark more than the transports");
    ipm_report_done(&r);
}

/* Whatever the length of the names, there is room to say how many are left out. */
