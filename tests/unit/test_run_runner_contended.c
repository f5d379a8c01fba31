/* test_run_runner_contended.c - trials that others took CPU time from are measured again. */
#include "test_run_runner.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(run_runner_contended, .init = runner_begin, .fini = runner_end);

enum { SECOND_NS = 1000000000 };

static size_t count_contended(const struct ipm_case *c) {
    size_t contended = 0;
    for (size_t i = 0; i < c->trial_count; i++)
        contended += c->trials[i].contended == 1;
    return contended;
}

static bool is_contended(const struct ipm_case *c) {
    return strcmp(c->config.transport, world.contends) == 0;
}

Test(run_runner_contended, marks_them_and_measures_no_longer_without_a_budget) {
    world.contends = "unix";
    world.contends_most = SIZE_MAX;
    run_made_up();
    for (size_t i = 0; i < report.case_count; i++) {
        const struct ipm_case *c = &report.cases[i];
        cr_expect_eq(c->trial_count, options.rounds);
        cr_expect_eq(count_contended(c), is_contended(c) ? options.rounds : 0);
        cr_expect_eq(c->trials[0].throttled_ns, 1000);
        cr_expect_eq(c->trials[0].steal_ns, 0);
    }
}

Test(run_runner_contended, replaces_them_while_a_budget_lasts) {
    world.contends = "unix";
    world.contends_most = 30;
    options.budget_ns = 3600ull * SECOND_NS;
    run_made_up();
    size_t added = 0;
    for (size_t i = 0; i < report.case_count; i++) {
        const struct ipm_case *c = &report.cases[i];
        cr_expect_eq(c->trial_count - count_contended(c), options.rounds);
        cr_expect(is_contended(c) || c->trial_count == options.rounds);
        added += c->trial_count - (size_t)options.rounds;
    }
    cr_expect(added > 0 && added <= 30, "%zu", added);
}

Test(run_runner_contended, gives_up_at_the_end_of_the_budget) {
    world.contends = "unix";
    world.contends_most = SIZE_MAX;
    options.budget_ns = 60ull * SECOND_NS;
    run_made_up();
    cr_expect_geq(world.now_ns, 60ull * SECOND_NS);
    cr_expect_lt(world.now_ns, 61ull * SECOND_NS);
}

/* Of 10 trials of unix on each placement, two or three are calm. */
Test(run_runner_contended, adds_rounds_until_seven_trials_on_one_cpu_are_calm) {
    size_t cases = 0;
    world.slows = "unix";
    options.pins = (struct ipm_pins){
        .count = 2, .items = {{IPM_PIN_SAME, -1, -1}, {IPM_PIN_SPLIT, -1, -1}}};
    options.budget_ns = 3600ull * SECOND_NS;
    run_made_up();
    for (size_t i = 0; i < report.case_count; i++) {
        const struct ipm_case *c = &report.cases[i];
        const bool slowed = strcmp(c->config.transport, world.slows) == 0;
        const bool added = c->trial_count > options.rounds;
        size_t calm = 0;
        for (size_t k = 0; k < c->trial_count; k++)
            calm += c->trials[k].null_syscall_ns == 100;
        cr_expect_eq(added, slowed && ipm_settings_share_cpu(&c->config), "%s",
                     c->config.name);
        cr_expect(!added || calm == 7, "%zu", calm);
        cases += added;
    }
    cr_expect(cases > 0);
}
