/* test_run_runner_precision.c - rounds that are added until a case is known precisely. */
#include "test_run_runner.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(run_runner_precision, .init = runner_begin, .fini = runner_end);

enum { PRECISION_SECOND_NS = 1000000000 };

static void wobble(size_t every, uint64_t budget_ns) {
    options.precision_ratio = 0.05;
    options.budget_ns = budget_ns;
    world.wobbles = "unix";
    world.wobbles_every = every;
    run_made_up();
    for (size_t i = 0; i < report.case_count; i++)
        if (strcmp(report.cases[i].config.transport, "unix") != 0)
            cr_expect_eq(report.cases[i].trial_count, options.rounds);
}

Test(run_runner_precision, adds_rounds_of_the_cases_that_need_them) {
    wobble(4, 3600ull * PRECISION_SECOND_NS);
    for (size_t i = 0; i < report.case_count; i++) {
        const struct ipm_case *c = &report.cases[i];
        const struct ipm_statistic *s = &c->summary->metrics[c->primary];
        cr_expect_leq((s->ci95_high - s->ci95_low) / 2, 0.05 * s->median);
        if (strcmp(c->config.transport, "unix") == 0)
            cr_expect(c->trial_count > options.rounds && c->trial_count < 200, "%zu",
                      c->trial_count);
    }
}

Test(run_runner_precision, ends_with_the_budget) {
    wobble(2, 60ull * PRECISION_SECOND_NS);
    cr_expect_geq(world.now_ns, 60ull * PRECISION_SECOND_NS);
    cr_expect_lt(world.now_ns, 61ull * PRECISION_SECOND_NS);
}

static size_t calm_trials(const struct ipm_case *c) {
    size_t calm = 0;
    for (size_t i = 0; i < c->trial_count; i++)
        calm += c->trials[i].contended != 1;
    return calm;
}

Test(run_runner_precision, is_that_of_the_trials_without_contention_too) {
    world.contends = "unix";
    world.contends_most = 30;
    options.precision_ratio = 0.05;
    options.budget_ns = 3600ull * PRECISION_SECOND_NS;
    run_made_up();
    for (size_t i = 0; i < report.case_count; i++)
        cr_expect(calm_trials(&report.cases[i]) >= 6, "%zu", i);
}
