/* test_model_slowed.c - trials during which the machine was slower than it can be. */
#include "model/compare/compare.h"
#include "model/report/calm.h"
#include "tests/support/compare_sample.h"

#include <criterion/criterion.h>
#include <math.h>

enum { ROUNDS = 28, CALM = ROUNDS / 4 };

static struct ipm_report base;
static struct ipm_report slowed_fresh;
static struct ipm_comparison slowed_comparison;

static void slowed_end(void) {
    ipm_report_done(&base);
    ipm_report_done(&slowed_fresh);
    ipm_comparison_done(&slowed_comparison);
}

TestSuite(model_slowed, .fini = slowed_end);

static void slowed_sample(struct ipm_report *report, size_t rounds, double share,
                          size_t slowed, uint64_t seed) {
    const struct ipm_compare_row row = {.transport = "pipe",
                                        .bytes_per_second = 1e9 * share,
                                        .noise = 0.01,
                                        .slowed = slowed,
                                        .one_cpu = true};
    ipm_compare_sample(report, &row, 1, rounds, 1, seed);
}

static const struct ipm_compared *slowed_compare(void) {
    static const char *const names[IPM_ARMS] = {"base.json", "new.json"};
    static const struct ipm_metric_choice choice = {.primary = true};
    const struct ipm_compare_input input = {
        .sides = {{.count = 1, .reports = &base, .names = &names[IPM_ARM_BASE]},
                  {.count = 1, .reports = &slowed_fresh, .names = &names[IPM_ARM_NEW]}}};
    slowed_comparison = (struct ipm_comparison){.threshold = 0.05, .alpha = 0.05};
    cr_assert_eq(ipm_compare(&slowed_comparison, &input, &choice), 0);
    cr_assert_eq(slowed_comparison.result_count, 1);
    return &slowed_comparison.results[0];
}

Test(model_slowed, compares_with_the_fastest_trial_of_the_run) {
    const struct ipm_sample rows[] = {{.null_syscall_ns = 104},
                                      {.null_syscall_ns = 106},
                                      {.null_syscall_ns = NAN},
                                      {.null_syscall_ns = 0}};
    cr_expect(ipm_calm_is(&rows[0], 100));
    for (size_t i = 1; i < sizeof rows / sizeof *rows; i++)
        cr_expect_not(ipm_calm_is(&rows[i], 100), "%zu", i);
    cr_expect_not(ipm_calm_is(&rows[0], NAN));
    slowed_sample(&base, ROUNDS, 1, 3, 1);
    cr_expect_eq(ipm_calm_fastest_ns(&base), 150);
    for (size_t i = 0; i < ROUNDS; i++)
        base.cases[0].trials[i].null_syscall_ns = NAN;
    cr_expect(isnan(ipm_calm_fastest_ns(&base)));
}

/* All trials of BASE are calm, and a quarter of those of NEW. */
Test(model_slowed, leaves_slowed_trials_out_where_the_others_are_enough) {
    slowed_sample(&base, ROUNDS, 1, 0, 1);
    slowed_sample(&slowed_fresh, ROUNDS, 1, 3, 2);
    const struct ipm_compared *result = slowed_compare();
    cr_expect(result->calm);
    cr_expect_eq(result->verdict, IPM_VERDICT_SAME, "%s",
                 ipm_verdict_words[result->verdict]);
    cr_expect_eq(result->slowed[IPM_ARM_BASE], 0);
    cr_expect_eq(result->slowed[IPM_ARM_NEW], ROUNDS - CALM);
    cr_expect_eq(result->sides[IPM_ARM_NEW].count, CALM);
    cr_expect_float_eq(result->sides[IPM_ARM_NEW].median, 1e9, 2e7);
}

Test(model_slowed, finds_a_change_between_runs_with_other_neighbours) {
    slowed_sample(&base, ROUNDS, 1, 1, 1);
    slowed_sample(&slowed_fresh, ROUNDS, 0.9, 3, 2);
    cr_expect_eq(slowed_compare()->verdict, IPM_VERDICT_REGRESSED);
}

Test(model_slowed, needs_seven_calm_trials_of_each_side) {
    slowed_sample(&base, ROUNDS, 1, 0, 1);
    slowed_sample(&slowed_fresh, ROUNDS - 1, 1, 3, 2);
    const struct ipm_compared *result = slowed_compare();
    cr_expect_not(result->calm);
    cr_expect_eq(result->slowed[IPM_ARM_NEW], 0);
    cr_expect_neq(result->verdict, IPM_VERDICT_SAME);
}

/* The fastest trial of NEW is a slowed one, which looks calm there. */
Test(model_slowed, does_not_believe_runs_whose_fastest_calls_differ) {
    slowed_sample(&base, ROUNDS, 1, 0, 1);
    slowed_sample(&slowed_fresh, ROUNDS, 1, 4, 2);
    const struct ipm_compared *result = slowed_compare();
    cr_expect_not(result->calm);
    cr_expect_neq(result->verdict, IPM_VERDICT_REGRESSED);
}

/* The call beside the window is made on the CPU of one end. */
Test(model_slowed, tells_nothing_of_ends_on_two_cpus) {
    slowed_sample(&base, ROUNDS, 1, 0, 1);
    slowed_sample(&slowed_fresh, ROUNDS, 1, 3, 2);
    base.cases[0].config.receiver_cpu = slowed_fresh.cases[0].config.receiver_cpu = 1;
    cr_expect_not(slowed_compare()->calm);
}
