/* test_model_runs.c - a run, or several, beside the runs of a history. */
#include "model/compare/judge.h"
#include "model/compare/rank.h"

#include <criterion/criterion.h>
#include <math.h>

enum { RUNS_DRAWN = 10, TRIALS = 8, POINTS = RUNS_DRAWN * TRIALS };

/* Of each run of the history: a standard deviation of 1.0 %. */
static const double drawn[RUNS_DRAWN] = {-0.6, 1.1, 0.3,  -1.4, 0.9,
                                         -0.2, 1.6, -1.1, 0.5,  -1.0};

static struct ipm_compare_point base_points[POINTS];
static struct ipm_compare_point fresh_points[2 * TRIALS];

/* A trial with that value, whose noise is symmetric; the machine has that speed. */
static struct ipm_compare_point runs_point(size_t run, size_t trial, double value,
                                           double speed) {
    const double noise = 0.004 * ((double)trial - (TRIALS - 1) / 2.0) / TRIALS;
    struct ipm_compare_point point = {.value = value + noise, .run = run, .calm = NAN};
    for (int y = 1; y < IPM_REFERENCES; y++)
        point.speed[y] = y == IPM_REFERENCE_CORES ? NAN : speed;
    return point;
}

/* Judges one run that is slower by `change`, on a machine of that speed, after a history of so
 * many runs. `shared` is the part of the noise that the references have, too. */
static struct ipm_compared runs_judge(double change, double speed, size_t runs,
                                      double shared) {
    struct ipm_compared result = {.metric = &ipm_metrics[IPM_METRIC_SENDER_CPU]};
    const struct ipm_compare_series sides[IPM_ARMS] = {
        {.count = runs * TRIALS, .points = base_points},
        {.count = TRIALS, .points = fresh_points}};
    for (size_t i = 0; i < runs * TRIALS; i++) {
        const double noise = drawn[i / TRIALS] / 100;
        base_points[i] = runs_point(i / TRIALS, i % TRIALS, 7 + noise, -noise * shared);
    }
    for (size_t i = 0; i < TRIALS; i++)
        fresh_points[i] = runs_point(0, i, 7 + change, speed);
    cr_assert_eq(ipm_compare_measure_runs(&result, sides, 0.02), 0);
    cr_assert_eq(ipm_compare_decide(&result, 1, 0.02, 0.05, false), 0);
    return result;
}

Test(model_runs, finds_what_exceeds_the_spread_of_the_history) {
    cr_expect_eq(runs_judge(0.05, 0, RUNS_DRAWN, 0).verdict, IPM_VERDICT_REGRESSED);
    cr_expect_eq(runs_judge(-0.05, 0, RUNS_DRAWN, 0).verdict, IPM_VERDICT_IMPROVED);
    const struct ipm_compared little = runs_judge(0.015, 0, RUNS_DRAWN, 0);
    cr_expect_eq(little.verdict, IPM_VERDICT_UNDECIDED);
    cr_expect_eq(little.rounds_more, 0, "further rounds do not make runs more alike");
    cr_expect(fabs(little.base_spread - 0.0103) < 0.0002, "%g", little.base_spread);
    cr_expect_eq(runs_judge(0.03, 0, 5, 0).verdict, IPM_VERDICT_UNDECIDED,
                 "few runs tell less");
}

Test(model_runs, takes_a_run_as_one_value) {
    const struct ipm_compared same = runs_judge(0, 0, RUNS_DRAWN, 0);
    cr_expect(same.ratio_high - same.ratio_low > 4 * 0.0103,
              "80 trials do not make the interval narrower than 10 runs do");
}

/* What makes a run differ may last for the one that follows it. */
Test(model_runs, takes_two_new_runs_as_one) {
    const struct ipm_compared one = runs_judge(0.03, 0, RUNS_DRAWN, 0);
    struct ipm_compared two = {.metric = &ipm_metrics[IPM_METRIC_SENDER_CPU]};
    const struct ipm_compare_series sides[IPM_ARMS] = {
        {.count = POINTS, .points = base_points},
        {.count = 2 * (size_t)TRIALS, .points = fresh_points}};
    for (size_t i = 0; i < TRIALS; i++) {
        fresh_points[TRIALS + i] = fresh_points[i];
        fresh_points[TRIALS + i].run = 1;
    }
    cr_assert_eq(ipm_compare_measure_runs(&two, sides, 0.02), 0);
    cr_expect(fabs(two.ratio_low - one.ratio_low) < 1e-12);
    cr_expect(fabs(two.ratio_high - one.ratio_high) < 1e-12);
    cr_expect(fabs(two.p_regressed - one.p_regressed) < 1e-12);
}

Test(model_runs, uses_a_reference_that_makes_runs_alike) {
    const struct ipm_compared same = runs_judge(0.011, -0.01, RUNS_DRAWN, 1);
    cr_expect_neq(same.reference, IPM_REFERENCE_NONE);
    cr_expect_eq(same.verdict, IPM_VERDICT_SAME);
    cr_expect_eq(runs_judge(0.011, -0.01, RUNS_DRAWN, 0.1).reference, IPM_REFERENCE_NONE);
}

/* Each run has another number of trials that a neighbour made slower by 40 %. */
static struct ipm_compared runs_judge_between_neighbours(double change) {
    struct ipm_compared result = {.metric = &ipm_metrics[IPM_METRIC_SENDER_CPU]};
    const struct ipm_compare_series sides[IPM_ARMS] = {
        {.count = POINTS, .points = base_points},
        {.count = TRIALS, .points = fresh_points}};
    for (size_t i = 0; i < POINTS; i++) {
        const bool slow = i % TRIALS > 1 + i / TRIALS % 5;
        base_points[i] = runs_point(i / TRIALS, i % TRIALS,
                                    7 + drawn[i / TRIALS] / 1000 + (slow ? 0.4 : 0), 0);
    }
    for (size_t i = 0; i < TRIALS; i++)
        fresh_points[i] = runs_point(0, i, 7 + change + (i > 2 ? 0.4 : 0), 0);
    cr_assert_eq(ipm_compare_measure_runs(&result, sides, 0.02), 0);
    cr_assert_eq(ipm_compare_decide(&result, 1, 0.02, 0.05, false), 0);
    return result;
}

Test(model_runs, uses_the_fast_end_where_neighbours_slow_trials) {
    const struct ipm_compared same = runs_judge_between_neighbours(0);
    cr_expect(same.fast_end);
    cr_expect_eq(same.verdict, IPM_VERDICT_SAME, "%s", ipm_verdict_words[same.verdict]);
    cr_expect_eq(runs_judge_between_neighbours(0.05).verdict, IPM_VERDICT_REGRESSED);
    cr_expect_not(runs_judge(0, 0, RUNS_DRAWN, 0).fast_end,
                  "runs are no more alike by it");
}

/* The same, and which trials are slower is known: more than some are. */
Test(model_runs, uses_the_calm_trials_where_they_are_more_alike) {
    struct ipm_compared result = {.metric = &ipm_metrics[IPM_METRIC_SENDER_CPU]};
    static struct ipm_compare_point points[IPM_ARMS][3 * POINTS];
    const struct ipm_compare_series sides[IPM_ARMS] = {
        {.count = 3 * (size_t)POINTS, .points = points[IPM_ARM_BASE]},
        {.count = 3 * (size_t)TRIALS, .points = points[IPM_ARM_NEW]}};
    for (size_t i = 0; i < 3 * (size_t)POINTS; i++) {
        const size_t run = i / (3 * (size_t)TRIALS);
        const bool slow = i % (2 + run % 2) == 0;
        struct ipm_compare_point *point = &points[IPM_ARM_BASE][i];
        *point = runs_point(run, i % TRIALS, 7 + (slow ? 0.4 : 0), 0);
        point->value += i % TRIALS == 3 ? -0.1 - drawn[run] / 20 : 0; /* too fast */
        point->calm = slow ? NAN : -5;
    }
    for (size_t i = 0; i < 3 * (size_t)TRIALS; i++) {
        points[IPM_ARM_NEW][i] = points[IPM_ARM_BASE][i];
        points[IPM_ARM_NEW][i].value += 0.03;
    }
    cr_assert_eq(ipm_compare_measure_runs(&result, sides, 0.02), 0);
    cr_expect(result.calm && !result.fast_end);
    cr_expect_float_eq(result.ratio, exp(0.03), 1e-3);
    cr_expect_eq(result.slowed[IPM_ARM_NEW],
                 3 * TRIALS - result.sides[IPM_ARM_NEW].count);
    cr_expect(result.slowed[IPM_ARM_NEW] > 0);
    for (size_t i = 0, calm = 0; i < 3 * (size_t)TRIALS; i++) {
        calm += isnan(points[IPM_ARM_NEW][i].calm) ? 0 : 1;
        if (calm > 6) /* fewer than a verdict needs */
            points[IPM_ARM_NEW][i].calm = NAN;
    }
    cr_assert_eq(ipm_compare_measure_runs(&result, sides, 0.02), 0);
    cr_expect_not(result.calm);
}

Test(model_runs, does_not_believe_a_machine_that_changed) {
    const struct ipm_compared judged = runs_judge(0.08, -0.09, RUNS_DRAWN, 0.1);
    cr_expect_eq(judged.verdict, IPM_VERDICT_UNDECIDED);
    cr_expect(judged.drift > 0.05, "%g", judged.drift);
}

Test(model_runs, needs_five_runs) {
    struct ipm_compare_series base = {.count = 4 * TRIALS, .points = base_points};
    (void)runs_judge(0, 0, RUNS_DRAWN, 0);
    cr_expect_not(ipm_compare_has_history(&base));
    base.count += TRIALS;
    cr_expect(ipm_compare_has_history(&base));
}

/* Values of SciPy 1.10, stats.t.sf and isf. */
Test(model_runs, knows_students_distribution) {
    cr_expect(fabs(ipm_student_above(1, 1) - 0.25) < 1e-12);
    cr_expect(fabs(ipm_student_above(2, 10) - 0.036694017385370) < 1e-12);
    cr_expect(fabs(ipm_student_above(-2, 9) - 0.961723588114650) < 1e-9);
    cr_expect(fabs(ipm_student_limit(0.025, 9) - 2.262157162740992) < 1e-9);
    cr_expect(fabs(ipm_student_limit(0.005, 4) - 4.604094871415897) < 1e-9);
}
