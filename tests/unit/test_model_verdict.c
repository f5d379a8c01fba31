/* test_model_verdict.c - when a difference is called one. */
#include "model/compare/judge.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { BLOCKS = 15 };

static double noise[BLOCKS]; /* symmetric about 0, 1 % and less */

static void verdict_begin(void) {
    for (int i = 0; i < BLOCKS; i++)
        noise[i] = 0.01 * (i - BLOCKS / 2) / (BLOCKS / 2);
}

TestSuite(model_verdict, .init = verdict_begin);

static struct ipm_compared verdict_new(bool up) {
    return (struct ipm_compared){
        .metric = &ipm_metrics[up ? IPM_METRIC_THROUGHPUT : IPM_METRIC_SETUP]};
}

/* Of values ln(B/A), block by block; NaN where one side is unknown. */
static void verdict_judge(struct ipm_compared *results, size_t results_count,
                          const double *values, size_t blocks) {
    struct ipm_rank_cache cache = {0};
    for (size_t r = 0; r < results_count; r++) {
        struct ipm_compare_point points[IPM_ARMS][BLOCKS] = {{{0}}};
        struct ipm_compare_series sides[IPM_ARMS] = {
            {.count = blocks, .points = points[0]}, {.points = points[1]}};
        for (size_t i = 0; i < blocks; i++) {
            points[0][i].run = i;
            if (!isnan(values[r * blocks + i]))
                points[1][sides[1].count++] =
                    (struct ipm_compare_point){.value = values[r * blocks + i], .run = i};
        }
        cr_assert_eq(ipm_compare_measure_blocks(&results[r], sides, blocks, 0.05, &cache),
                     0);
    }
    cr_assert_eq(ipm_compare_decide(results, results_count, 0.05, 0.05, true), 0);
    ipm_rank_cache_done(&cache);
}

/* All blocks changed by the factor, and so much more noise. */
static struct ipm_compared verdict_of(double factor, double louder, size_t count, bool up,
                                      double values[BLOCKS]) {
    struct ipm_compared judged = verdict_new(up);
    for (int i = 0; i < BLOCKS; i++)
        values[i] = log(factor) + louder * noise[i];
    verdict_judge(&judged, 1, values, count);
    return judged;
}

static enum ipm_verdict verdict_word_of(double factor, double louder, size_t count,
                                        bool up) {
    double values[BLOCKS];
    return verdict_of(factor, louder, count, up, values).verdict;
}

Test(model_verdict, depends_on_which_way_is_better) {
    cr_expect_eq(verdict_word_of(0.9, 1, BLOCKS, true), IPM_VERDICT_REGRESSED);
    cr_expect_eq(verdict_word_of(1.1, 1, BLOCKS, true), IPM_VERDICT_IMPROVED);
    cr_expect_eq(verdict_word_of(1.1, 1, BLOCKS, false), IPM_VERDICT_REGRESSED);
    cr_expect_eq(verdict_word_of(0.9, 1, BLOCKS, false), IPM_VERDICT_IMPROVED);
}

Test(model_verdict, is_none_where_nobody_would_act_upon_it) {
    cr_expect_eq(verdict_word_of(0.97, 1, BLOCKS, true), IPM_VERDICT_SAME);
    cr_expect_eq(verdict_word_of(1, 1, BLOCKS, true), IPM_VERDICT_SAME);
}

Test(model_verdict, is_undecided_in_noise_and_tells_how_many_blocks_would_do) {
    double values[BLOCKS];
    struct ipm_compared judged = verdict_of(1, 20, BLOCKS, true, values);
    cr_expect_eq(judged.verdict, IPM_VERDICT_UNDECIDED);
    const double half = (log(judged.ratio_high) - log(judged.ratio_low)) / 2;
    const double wanted = BLOCKS * pow(half / log(1.05), 2);
    cr_expect_eq(judged.rounds_more, (size_t)ceil(wanted - BLOCKS));
    judged = verdict_of(1 / 1.0495, 1, BLOCKS, true, values); /* some 2,000 would */
    cr_expect_eq(judged.verdict, IPM_VERDICT_UNDECIDED);
    cr_expect_eq(judged.rounds_more, 0, "%ju", (uintmax_t)judged.rounds_more);
}

Test(model_verdict, needs_ten_blocks) {
    cr_expect_eq(verdict_word_of(0.5, 1, 9, true), IPM_VERDICT_INSUFFICIENT);
    cr_expect_eq(verdict_word_of(0.5, 1, 10, true), IPM_VERDICT_REGRESSED);
    cr_expect_eq(verdict_word_of(0.5, 1, 0, true), IPM_VERDICT_INSUFFICIENT);
}

Test(model_verdict, leaves_out_what_is_not_known) {
    double values[BLOCKS];
    struct ipm_compared judged = verdict_of(0.8, 1, BLOCKS, true, values);
    values[3] = values[4] = NAN;
    verdict_judge(&judged, 1, values, BLOCKS);
    cr_expect_eq(judged.verdict, IPM_VERDICT_REGRESSED);
    cr_expect_float_eq(judged.ratio, 0.8, 0.01);
}

/* One positive difference among ten, and it is the largest: p is about 0.04. */
Test(model_verdict, of_one_among_many_needs_more) {
    static const double lean[10] = {-0.3,  -0.31, -0.32, -0.33, -0.34,
                                    -0.35, -0.36, -0.37, -0.38, 0.4};
    static const double still[10] = {0.01,  -0.01, 0.02,  -0.02, 0.03,
                                     -0.03, 0.04,  -0.04, 0.05,  -0.05};
    double values[8][10];
    struct ipm_compared judged[8];
    for (int i = 0; i < 8; i++) {
        judged[i] = verdict_new(true);
        memcpy(values[i], i ? still : lean, sizeof values[i]);
    }
    verdict_judge(judged, 1, values[0], 10);
    const double alone = judged[0].p_regressed;
    cr_assert_lt(alone, 0.05);
    cr_assert_eq(judged[0].verdict, IPM_VERDICT_REGRESSED);
    verdict_judge(judged, 8, values[0], 10);
    cr_expect_float_eq(judged[0].p_regressed, fmin(8 * alone, 1), 1e-12);
    cr_expect_neq(judged[0].verdict, IPM_VERDICT_REGRESSED);
}

/* The ranks of the two are 1 and 2, so p is 0.005; but two of ten reach the interval. */
Test(model_verdict, is_no_change_where_the_interval_holds_none) {
    double lean[10] = {-0.3, -0.31, -0.32, -0.33, -0.34, -0.35, -0.36, -0.37, 0.01, 0.02};
    struct ipm_compared judged = verdict_new(true);
    verdict_judge(&judged, 1, lean, 10);
    cr_expect_lt(judged.p_regressed, 0.01);
    cr_expect_lt(judged.ratio, 0.75);
    cr_expect_eq(judged.verdict, IPM_VERDICT_UNDECIDED);
    lean[8] = -0.01;
    verdict_judge(&judged, 1, lean, 10);
    cr_expect_eq(judged.verdict, IPM_VERDICT_REGRESSED);
}

Test(model_verdict, has_a_word_for_each) {
    for (int i = 0; i < IPM_VERDICTS; i++)
        cr_expect_not_null(ipm_verdict_words[i]);
    cr_expect_str_eq(ipm_verdict_words[IPM_VERDICT_REGRESSED], "regressed");
    cr_expect_str_eq(ipm_verdict_words[IPM_VERDICT_INSUFFICIENT], "insufficient");
}
