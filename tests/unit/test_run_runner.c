/* test_run_runner.c - whole runs without time. */
#include "test_run_runner.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(run_runner, .init = runner_begin, .fini = runner_end);

Test(run_runner, gives_every_case_every_round) {
    run_made_up();
    cr_assert_eq(report.run.status, IPM_RUN_COMPLETE);
    cr_assert_eq(report.case_count, 15);
    cr_assert_eq(report.references.count, 10);
    for (size_t i = 0; i < report.case_count; i++) {
        cr_assert_eq(report.cases[i].status, IPM_CASE_OK);
        cr_assert_eq(report.cases[i].trial_count, 10);
        cr_assert_str_eq(report.cases[i].ends[IPM_SENDER], "sender");
        cr_assert_str_eq(report.cases[i].ends[IPM_RECEIVER], "receiver");
        for (uint64_t round = 0; round < 10; round++)
            cr_assert_eq(report.cases[i].trials[round].round, round);
    }
    cr_assert_lt(0, world.shown);
}

Test(run_runner, sends_the_same_number_in_every_timed_trial) {
    run_made_up();
    for (size_t i = 0; i < report.case_count; i++)
        for (size_t t = 0; t < report.cases[i].trial_count; t++)
            cr_assert_eq(report.cases[i].trials[t].sent.messages, 90000);
}

/* Nothing is calibrated: 15 cases of a verified run in two parts, a warm-up and 10 trials,
 * and the null transport of each round. */
Test(run_runner, keeps_a_number_of_messages_that_is_given) {
    options.messages = 4000;
    run_made_up();
    for (size_t i = 0; i < report.case_count; i++)
        for (size_t t = 0; t < report.cases[i].trial_count; t++)
            cr_assert_eq(report.cases[i].trials[t].sent.messages, 4000);
    for (size_t i = 0; i < report.warnings.count; i++)
        cr_assert_str_neq(report.warnings.items[i].code, "short");
    cr_assert_leq(world.trials, 15 * (2 + 1 + 10) + report.references.count);
}

/* In the timed part a transport does not run all its trials in a row. */
/* As an acknowledgement that is delayed by 40 ms: 64 messages take as long as 40,000. */
Test(run_runner, does_not_take_a_wait_for_the_rate) {
    world.waits_ns = 40000000;
    run_made_up();
    for (size_t i = 0; i < report.case_count; i++)
        for (size_t t = 0; t < report.cases[i].trial_count; t++)
            cr_assert_eq(report.cases[i].trials[t].sent.messages, 90000);
}

Test(run_runner, tries_a_message_that_is_too_long_for_a_trial_once) {
    world.waits_ns = 400000000;
    options.message_bytes = (struct ipm_sizes){.items = {2 << 20}, .count = 1};
    run_made_up();
    size_t tries = 0;
    while (strcmp(world.log[tries], "null") != 0)
        tries++;
    cr_assert_eq(tries, 3 * report.case_count); /* verified, calibrated, warmed up */
}

Test(run_runner, does_not_calibrate_a_message_that_takes_long_to_verify) {
    world.waits_ns = 400000000;
    options.message_bytes = (struct ipm_sizes){.items = {128 << 20}, .count = 1};
    run_made_up();
    size_t tries = 0;
    while (strcmp(world.log[tries], "null") != 0)
        tries++;
    cr_assert_eq(tries, 2 * report.case_count); /* verified, warmed up */
}

Test(run_runner, interleaves_and_shuffles) {
    run_made_up();
    size_t same = 0;
    size_t timed = 15 * 10;
    size_t repeats_of_order = 0;
    for (size_t i = world.trials - timed; i < world.trials; i++)
        same += world.log[i] == world.log[i - 1];
    for (size_t i = 0; i < 16; i++)
        repeats_of_order +=
            world.log[world.trials - 1 - i] == world.log[world.trials - 17 - i];
    cr_assert_lt(same, timed / 2);
    cr_assert_lt(repeats_of_order, 12);
}

Test(run_runner, the_same_seed_is_the_same_order) {
    static struct made_up first;
    run_made_up();
    first = world;
    runner_end();
    runner_begin();
    run_made_up();
    cr_assert_eq(first.trials, world.trials);
    for (size_t i = 0; i < first.trials; i++)
        cr_assert_eq(first.log[i], world.log[i]);
    runner_end();
    runner_begin();
    options.seed = 5;
    run_made_up();
    size_t moved = 0;
    for (size_t i = 0; i < first.trials; i++)
        moved += first.log[i] != world.log[i];
    cr_assert_lt(0, moved);
}

Test(run_runner, a_failing_case_is_a_row_with_its_reason_and_the_run_goes_on) {
    world.fails = "unix";
    run_made_up();
    size_t failed = 0;
    for (size_t i = 0; i < report.case_count; i++) {
        const struct ipm_case *row = &report.cases[i];
        if (strcmp(row->config.transport, "unix") == 0) {
            failed++;
            cr_assert_eq(row->status, IPM_CASE_FAILED);
            cr_assert_str_eq(row->reason, "made up to fail");
            cr_assert_eq(row->trial_count, 0);
        } else {
            cr_assert_eq(row->trial_count, 10);
        }
    }
    cr_assert_eq(failed, 3);
    cr_assert_eq(report.run.status, IPM_RUN_COMPLETE);
}

Test(run_runner, a_case_that_fails_late_keeps_its_trials) {
    world.fails = "tcp";
    world.fails_from = 150;
    run_made_up();
    for (size_t i = 0; i < report.case_count; i++)
        if (strcmp(report.cases[i].config.transport, "tcp") == 0) {
            cr_assert_eq(report.cases[i].status, IPM_CASE_FAILED);
            cr_assert_lt(0, report.cases[i].trial_count);
            cr_assert_lt(report.cases[i].trial_count, 10);
        }
}

Test(run_runner, a_case_that_meets_a_limit_of_the_machine_is_skipped) {
    world.fails = "pipe";
    world.meets_limit = true;
    run_made_up();
    cr_assert_eq(report.cases[0].status, IPM_CASE_SKIPPED);
    cr_assert_str_eq(report.cases[0].reason, "made up to fail (raise it)");
}

Test(run_runner, corrupt_contents_fail_a_case_before_its_first_timed_trial) {
    world.corrupts = "pipe";
    run_made_up();
    cr_assert_eq(report.cases[0].status, IPM_CASE_FAILED);
    cr_assert_not_null(strstr(report.cases[0].reason, "3 corrupt"));
    cr_assert_eq(report.cases[0].trial_count, 0);
    cr_assert_eq(report.cases[0].integrity.status, IPM_INTEGRITY_CORRUPT);
}

Test(run_runner, an_interrupt_keeps_whole_trials_only) {
    world.stop_after = 110;
    run_made_up();
    cr_assert_eq(report.run.status, IPM_RUN_INTERRUPTED);
    cr_assert_eq(world.trials, 110);
    size_t kept = 0;
    for (size_t i = 0; i < report.case_count; i++) {
        kept += report.cases[i].trial_count;
        cr_assert_neq(report.cases[i].status, IPM_CASE_FAILED);
    }
    cr_assert_lt(0, kept);
}

Test(run_runner, an_interrupt_before_the_first_trial_leaves_rows_with_the_reason) {
    world.stop_after = 2;
    run_made_up();
    cr_assert_eq(report.case_count, 15);
    for (size_t i = 0; i < report.case_count; i++) {
        cr_assert_eq(report.cases[i].status, IPM_CASE_SKIPPED);
        cr_assert_not_null(strstr(report.cases[i].reason, "interrupted"));
    }
}

Test(run_runner, where_no_case_is_left_there_are_no_rounds) {
    absent = "udp";
    strcpy(options.transports.items[0], "udp");
    options.transports.count = 1;
    run_made_up();
    cr_assert_eq(world.trials, 0);
    cr_assert_eq(report.references.count, 0);
    cr_assert_eq(report.run.status, IPM_RUN_COMPLETE);
}

Test(run_runner, loss_on_a_reliable_transport_fails_the_case) {
    world.loses = "unix";
    run_made_up();
    cr_assert_eq(report.cases[2].status, IPM_CASE_FAILED);
    cr_assert_not_null(strstr(report.cases[2].reason, "1 lost"));
}

Test(run_runner, loss_is_the_right_of_an_unreliable_transport) {
    world.loses = "udp";
    run_made_up();
    cr_assert_eq(report.cases[4].status, IPM_CASE_OK);
    cr_assert_lt(0, report.cases[4].integrity.damage.lost_messages);
    cr_assert_eq(report.cases[4].integrity.status, IPM_INTEGRITY_LOSSY);
}

Test(run_runner, a_skipped_case_is_a_row_that_is_never_run) {
    absent = "udp";
    run_made_up();
    for (size_t i = 0; i < world.trials; i++)
        cr_assert_str_neq(world.log[i], "udp");
    cr_assert_eq(report.cases[4].status, IPM_CASE_SKIPPED);
    cr_assert_str_eq(report.cases[4].reason, "made up to be absent");
    cr_assert_eq(report.cases[4].trial_count, 0);
}

Test(run_runner, what_moves_nothing_is_not_verified) {
    strcpy(options.transports.items[0], "null");
    options.transports.count = 1;
    run_made_up();
    cr_assert_eq(report.cases[0].trial_count, 10);
    cr_assert_eq(report.cases[0].integrity.status, IPM_INTEGRITY_UNKNOWN);
}

Test(run_runner, tells_of_its_start_and_of_each_timed_trial) {
    size_t trials = 0;
    run_made_up();
    for (size_t i = 0; i < report.case_count; i++)
        trials += report.cases[i].trial_count;
    cr_assert_eq(world.starts, 1);
    cr_assert_eq(world.samples, trials);
    cr_assert_eq(world.failures, 0);
}

Test(run_runner, tells_once_of_a_case_that_fails) {
    world.fails = "unix";
    run_made_up();
    cr_assert_eq(world.failures, options.message_bytes.count);
}
