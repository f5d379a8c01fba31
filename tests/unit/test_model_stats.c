/* test_model_stats.c - known answers of the statistics. */
#include "model/report/stats.h"

#include <criterion/criterion.h>
#include <math.h>

static struct ipm_statistic stats_of_counting(size_t count) {
    static double values[10000];
    for (size_t i = 0; i < count; i++)
        values[i] = (double)(count - i); /* descending: sorting is part of the work */
    return ipm_stats_of(values, count);
}

static void expect_ranks(size_t count, double low, double high) {
    const struct ipm_statistic s = stats_of_counting(count);
    cr_expect_eq(s.ci95_low, low, "n = %zu: rank %g, not %g", count, s.ci95_low, low);
    cr_expect_eq(s.ci95_high, high, "n = %zu: rank %g, not %g", count, s.ci95_high, high);
}

Test(model_stats, an_empty_list_is_all_unknown) {
    const struct ipm_statistic s = ipm_stats_of(NULL, 0);
    cr_expect_eq(s.count, 0);
    cr_expect(isnan(s.median) && isnan(s.mean) && isnan(s.stddev) && isnan(s.min));
    cr_expect(isnan(s.max) && isnan(s.ci95_low) && isnan(s.ci95_high));
}

Test(model_stats, one_value_has_a_median_but_no_spread) {
    double values[] = {7.5};
    const struct ipm_statistic s = ipm_stats_of(values, 1);
    cr_expect_eq(s.count, 1);
    cr_expect_eq(s.median, 7.5);
    cr_expect_eq(s.mean, 7.5);
    cr_expect(isnan(s.stddev));
    cr_expect(isnan(s.ci95_low));
}

Test(model_stats, known_answers_of_a_short_list) {
    double values[] = {9, 2, 4, 4, 5, 4, 7, 5};
    const struct ipm_statistic s = ipm_stats_of(values, 8);
    cr_expect_eq(s.median, 4.5);
    cr_expect_eq(s.mean, 5);
    cr_expect_float_eq(s.stddev, sqrt(32.0 / 7), 1e-15);
    cr_expect_eq(s.min, 2);
    cr_expect_eq(s.max, 9);
    cr_expect_eq(s.count, 8);
}

Test(model_stats, the_median_of_an_odd_count_is_the_middle_value) {
    double values[] = {30, -10, 20};
    cr_expect_eq(ipm_stats_of(values, 3).median, 20);
}

Test(model_stats, what_is_not_a_number_is_left_out) {
    double values[] = {NAN, 3, NAN, 1, 2, NAN};
    const struct ipm_statistic s = ipm_stats_of(values, 6);
    cr_expect_eq(s.count, 3);
    cr_expect_eq(s.median, 2);
    cr_expect_eq(s.max, 3);
}

Test(model_stats, a_list_of_nothing_but_unknown_is_unknown) {
    double values[] = {NAN, NAN};
    const struct ipm_statistic s = ipm_stats_of(values, 2);
    cr_expect_eq(s.count, 0);
    cr_expect(isnan(s.median));
}

Test(model_stats, below_six_values_there_is_no_interval) {
    for (size_t count = 1; count < 6; count++) {
        const struct ipm_statistic s = stats_of_counting(count);
        cr_expect(isnan(s.ci95_low) && isnan(s.ci95_high), "n = %zu", count);
    }
}

Test(model_stats, the_interval_has_the_ranks_of_the_exact_binomial) {
    expect_ranks(6, 1, 6);
    expect_ranks(8, 1, 8);
    expect_ranks(9, 2, 8);
    expect_ranks(10, 2, 9);
    expect_ranks(15, 4, 12);
    expect_ranks(20, 6, 15);
    expect_ranks(30, 10, 21);
    expect_ranks(100, 40, 61);
}

/* 2^-1075 is no double, so a product of halves would end at rank 0 or never. */
Test(model_stats, the_ranks_hold_where_powers_of_two_underflow) {
    expect_ranks(1100, 518, 583);
    expect_ranks(10000, 4902, 5099);
}

Test(model_stats, a_constant_list_has_no_spread_at_all) {
    double values[10];
    for (size_t i = 0; i < 10; i++)
        values[i] = 0.1;
    const struct ipm_statistic s = ipm_stats_of(values, 10);
    cr_expect_eq(s.mean, 0.1);
    cr_expect_eq(s.stddev, 0);
}

Test(model_stats, large_values_that_differ_little_keep_their_spread) {
    double values[] = {1e15 + 4, 1e15 + 7, 1e15 + 13, 1e15 + 16};
    const struct ipm_statistic s = ipm_stats_of(values, 4);
    cr_expect_eq(s.mean, 1e15 + 10);
    cr_expect_float_eq(s.stddev, sqrt(30), 1e-12);
}
