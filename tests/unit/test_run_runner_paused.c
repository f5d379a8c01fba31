/* test_run_runner_paused.c - trials in which the program does not run all the time. */
#include "test_run_runner.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

TestSuite(run_runner_paused, .init = runner_begin, .fini = runner_end);

static uint64_t count_repeated(void) {
    uint64_t repeated = 0;
    for (size_t i = 0; i < report.case_count; i++) {
        repeated += report.cases[i].repeated_trials;
        cr_assert_eq(report.cases[i].trial_count, 10);
    }
    return repeated;
}

static size_t count_stopped(void) {
    size_t stopped = 0;
    for (size_t i = 0; i < report.case_count; i++)
        for (size_t t = 0; t < report.cases[i].trial_count; t++)
            stopped += report.cases[i].trials[t].stopped;
    return stopped;
}

static bool warns_of(const char *code) {
    for (size_t i = 0; i < report.warnings.count; i++)
        if (strcmp(report.warnings.items[i].code, code) == 0)
            return true;
    return false;
}

Test(run_runner_paused, measures_again_what_was_stopped_meanwhile) {
    world.pauses_at = 130;
    world.pauses_most = 2;
    run_made_up();
    cr_assert_eq(count_repeated(), 2);
    cr_assert_eq(count_stopped(), 0);
    cr_assert(warns_of("stopped"));
}

Test(run_runner_paused, measures_again_where_only_the_child_was_stopped) {
    world.pauses_at = 130;
    world.pauses_most = 1;
    world.pauses_child = true;
    run_made_up();
    cr_assert_eq(count_repeated(), 1);
    cr_assert_eq(count_stopped(), 0);
}

Test(run_runner_paused, calibrates_again_what_was_stopped_meanwhile) {
    world.pauses_at = 1;
    world.pauses_most = 3;
    run_made_up();
    cr_assert_eq(count_repeated(), 3);
}

Test(run_runner_paused, keeps_and_marks_what_is_stopped_again_and_again) {
    world.pauses_at = 130;
    world.pauses_most = 4;
    run_made_up();
    cr_assert_eq(count_repeated(), 3);
    cr_assert_eq(count_stopped(), 1);
}

/* As a virtual machine that is paused, which leaves no other trace. */
Test(run_runner_paused, measures_again_what_takes_far_longer_than_calibrated) {
    world.pauses_at = 130;
    world.pauses_most = 1;
    world.pause_ns = 400000000;
    run_made_up();
    cr_assert_eq(count_repeated(), 1);
    for (size_t i = 0; i < report.case_count; i++)
        for (size_t t = 0; t < report.cases[i].trial_count; t++)
            cr_assert_lt(report.cases[i].trials[t].elapsed_ns, world.pause_ns);
}

Test(run_runner_paused, believes_a_slow_trial_that_used_its_time) {
    world.pauses_at = 130;
    world.pauses_most = 1;
    world.pause_ns = 400000000;
    world.pauses_work = true;
    run_made_up();
    cr_assert_eq(count_repeated(), 0);
}

Test(run_runner_paused, believes_a_machine_that_has_become_slow) {
    world.pauses_at = 130;
    world.pauses_most = SIZE_MAX;
    world.pause_ns = 400000000;
    run_made_up();
    cr_assert_eq(count_repeated(), 3 * report.case_count);
    cr_assert_eq(count_stopped(), 0);
}

Test(run_runner_paused, tells_what_cpu_time_was_withheld_from_the_run) {
    run_made_up();
    const int64_t between = (int64_t)world.throttles - 1; /* also around each trial */
    cr_assert_eq(report.host.cpu_throttled_periods, 3 * between);
    cr_assert_eq(report.host.cpu_throttled_ns, 1000 * between);
    cr_assert_eq(report.host.steal_ratio, 0.04);
}

Test(run_runner_paused, measures_again_what_a_stray_signal_has_interrupted) {
    world.interrupts_at = 130;
    run_made_up();
    cr_assert_eq(count_repeated(), 1);
}

/* --- the reference measurements --------------------------------------------------------- */

/* Returns the number of the first trial of the null transport, from 1. */
static size_t find_null_trial(void) {
    size_t at = 0;
    run_made_up();
    while (strcmp(world.log[at], "null") != 0)
        at++;
    runner_end();
    runner_begin();
    return at + 1;
}

Test(run_runner_paused, a_reference_whose_child_was_stopped_is_unknown) {
    const size_t at = find_null_trial();
    world.pauses_at = at;
    world.pauses_most = 1;
    world.pauses_child = true;
    run_made_up();
    cr_assert(isnan(report.references.rounds[0].null_transport_ns_per_message));
    cr_assert_eq(report.references.rounds[0].null_syscall_ns, 100);
    cr_assert_eq(report.references.null_transport_ns_per_message.count, 9);
}

Test(run_runner_paused, references_are_known_unless_every_try_was_stopped) {
    const size_t at = find_null_trial();
    for (size_t stops = 3; stops <= 4; stops++) {
        world.pauses_at = at;
        world.pauses_most = stops;
        run_made_up();
        cr_assert_eq(report.references.null_syscall_ns.count, stops == 3 ? 10 : 9);
        cr_assert_eq(report.references.context_switch_ns.count, stops == 3 ? 10 : 9);
        runner_end();
        runner_begin();
    }
}
