/* test_model_histogram.c - buckets that hold what was put in, and quantiles against the
 * exact ones of the same values. */
#include "model/report/histogram.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HIST_VALUES = 20000 };

static const double hist_ratios[] = {0.5, 0.9, 0.99, 0.999, 0.9999};

/* --- buckets ------------------------------------------------------------------------ */

Test(model_histogram, buckets_follow_one_another_without_a_gap) {
    uint64_t end_ns = 0;
    for (size_t i = 0; i < IPM_HISTOGRAM_BUCKETS; i++) {
        uint64_t lower_ns;
        uint64_t upper_ns;
        ipm_histogram_bounds(i, &lower_ns, &upper_ns);
        cr_assert_eq(lower_ns, end_ns, "bucket %zu", i);
        cr_assert_lt(lower_ns, upper_ns);
        end_ns = upper_ns;
    }
    cr_expect_eq(end_ns, (uint64_t)1 << IPM_HISTOGRAM_TOP_BITS);
}

Test(model_histogram, a_bucket_holds_its_first_and_its_last_value) {
    for (size_t i = 0; i < IPM_HISTOGRAM_BUCKETS; i++) {
        uint64_t lower_ns;
        uint64_t upper_ns;
        ipm_histogram_bounds(i, &lower_ns, &upper_ns);
        cr_assert_eq(ipm_histogram_index(lower_ns), i);
        cr_assert_eq(ipm_histogram_index(upper_ns - 1), i);
        cr_assert_eq(ipm_histogram_index((lower_ns + upper_ns) / 2), i);
    }
}

Test(model_histogram, a_bucket_is_one_nanosecond_or_a_sixty_fourth_wide) {
    for (size_t i = 0; i < IPM_HISTOGRAM_BUCKETS; i++) {
        uint64_t lower_ns;
        uint64_t upper_ns;
        ipm_histogram_bounds(i, &lower_ns, &upper_ns);
        const uint64_t width_ns = upper_ns - lower_ns;
        if (lower_ns < 128)
            cr_assert_eq(width_ns, 1);
        else
            cr_assert_leq(64 * width_ns, lower_ns);
    }
}

Test(model_histogram, every_value_up_to_a_millisecond_is_in_its_bucket) {
    uint64_t outside = 0;
    for (uint64_t ns = 0; ns < 1000000; ns++) {
        uint64_t lower_ns;
        uint64_t upper_ns;
        ipm_histogram_bounds(ipm_histogram_index(ns), &lower_ns, &upper_ns);
        outside += ns < lower_ns || ns >= upper_ns;
    }
    cr_expect_eq(outside, 0);
}

Test(model_histogram, what_is_beyond_the_last_bucket_counts_in_it) {
    struct ipm_histogram *h = calloc(1, sizeof *h);
    ipm_histogram_record(h, UINT64_MAX);
    ipm_histogram_record(h, (uint64_t)1 << IPM_HISTOGRAM_TOP_BITS);
    cr_expect_eq(h->buckets[IPM_HISTOGRAM_BUCKETS - 1], 2);
    cr_expect_eq(h->max_ns, UINT64_MAX);
    free(h);
}

Test(model_histogram, extremes_are_exact) {
    struct ipm_histogram *h = calloc(1, sizeof *h);
    ipm_histogram_record(h, 1000003);
    cr_expect_eq(h->min_ns, 1000003);
    cr_expect_eq(h->max_ns, 1000003);
    ipm_histogram_record(h, 77777);
    ipm_histogram_record(h, 0);
    cr_expect_eq(h->min_ns, 0);
    cr_expect_eq(h->max_ns, 1000003);
    cr_expect_eq(h->sum_ns, 1077780);
    cr_expect_eq(h->count, 3);
    free(h);
}

/* --- quantiles ---------------------------------------------------------------------- */

static uint64_t hist_state;

/* From 0 to just below 1, the same every time: splitmix64 (Steele et al. 2014). */
static double hist_random(void) {
    uint64_t z = hist_state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static double hist_constant(void) {
    return 12345;
}

static double hist_small(void) {
    return 40 * hist_random();
}

static double hist_uniform(void) {
    return 1e6 * hist_random();
}

static double hist_exponential(void) {
    return -8000 * log(1 - hist_random());
}

/* A tail without a mean: as of a scheduler that now and then forgets somebody. */
static double hist_pareto(void) {
    return 3000 / (1 - hist_random());
}

/* On one CPU, or across two. */
static double hist_two_humps(void) {
    return (hist_random() < 0.7 ? 5000 : 60000) * (1 + 0.05 * hist_random());
}

static double (*const hist_shapes[])(void) = {
    hist_constant,    hist_small,  hist_uniform,
    hist_exponential, hist_pareto, hist_two_humps,
};

static int hist_order(const void *left, const void *right) {
    const uint64_t a = *(const uint64_t *)left;
    const uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* The value of nearest rank: ceil(ratio * count), in whole numbers. */
static uint64_t hist_exact(const uint64_t *sorted, size_t count, double ratio) {
    const uint64_t tenths = (uint64_t)lround(ratio * 1e5);
    const uint64_t rank = (tenths * count + 99999) / 100000;
    return sorted[rank > 0 ? rank - 1 : 0];
}

static void hist_record(struct ipm_latency *latency, const uint64_t *values,
                        size_t count) {
    struct ipm_histogram *h = calloc(1, sizeof *h);
    for (size_t i = 0; i < count; i++)
        ipm_histogram_record(h, values[i]);
    cr_assert_eq(ipm_latency_take(latency, h), 0);
    free(h);
}

static void hist_expect_near(double got, uint64_t exact, size_t shape, double ratio) {
    cr_expect(fabs(got - (double)exact) <= 0.01 * (double)exact,
              "shape %zu, ratio %g: %g instead of %zu", shape, ratio, got, (size_t)exact);
}

static void hist_expect_shape(size_t shape, size_t count) {
    struct ipm_latency latency = {0};
    uint64_t *values = calloc(count, sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = (uint64_t)hist_shapes[shape]();
    hist_record(&latency, values, count);
    qsort(values, count, sizeof *values, hist_order);
    for (size_t r = 0; r < sizeof hist_ratios / sizeof hist_ratios[0]; r++)
        hist_expect_near(ipm_latency_quantile(&latency, hist_ratios[r]),
                         hist_exact(values, count, hist_ratios[r]), shape,
                         hist_ratios[r]);
    cr_expect_eq(latency.min_ns, values[0]);
    cr_expect_eq(latency.max_ns, values[count - 1]);
    free(values);
    ipm_latency_done(&latency);
}

Test(model_histogram, quantiles_are_within_a_hundredth_of_the_exact_ones) {
    hist_state = 1;
    for (size_t shape = 0; shape < sizeof hist_shapes / sizeof hist_shapes[0]; shape++) {
        hist_expect_shape(shape, HIST_VALUES);
        hist_expect_shape(shape, 1);
        hist_expect_shape(shape, 7);
        hist_expect_shape(shape, 1001);
    }
}

/* 1 ns wide buckets show which rank was taken. */
Test(model_histogram, the_rank_is_the_nearest_for_every_count) {
    uint64_t values[120];
    for (uint64_t i = 0; i < 120; i++)
        values[i] = i;
    for (size_t count = 1; count <= 120; count++) {
        struct ipm_latency latency = {0};
        hist_record(&latency, values, count);
        for (int percent = 1; percent <= 100; percent++)
            cr_expect_eq(ipm_latency_quantile(&latency, percent / 100.0),
                         (double)hist_exact(values, count, percent / 100.0),
                         "%d %% of %zu", percent, count);
        ipm_latency_done(&latency);
    }
}

Test(model_histogram, no_quantile_is_beyond_what_was_seen) {
    struct ipm_latency latency = {0};
    const uint64_t values[] = {1000001, 1000002, 1000003};
    hist_record(&latency, values, 3);
    cr_expect_eq(latency.bucket_count, 1);
    cr_expect_eq(latency.min_ns, 1000001);
    cr_expect_eq(latency.max_ns, 1000003);
    cr_expect_eq(ipm_latency_mean(&latency), 1000002);
    cr_expect_leq(1000001, ipm_latency_quantile(&latency, 0.5));
    cr_expect_leq(ipm_latency_quantile(&latency, 0.9999), 1000003);
    cr_expect_eq(latency.count, 3);
    ipm_latency_done(&latency);
}

Test(model_histogram, figures_of_nothing_are_unknown) {
    const struct ipm_latency none = {0};
    cr_expect(isnan(ipm_latency_quantile(&none, 0.5)) && isnan(ipm_latency_mean(&none)));
}

/* --- adding up ---------------------------------------------------------------------- */

Test(model_histogram, parts_added_up_are_the_whole_sparse_or_dense) {
    enum { PARTS = 4, EACH = 500 };
    struct ipm_histogram *whole = calloc(3, sizeof *whole);
    struct ipm_histogram *dense = &whole[1];
    struct ipm_histogram *sparse = &whole[2];
    hist_state = 2;
    for (size_t part = 0; part < PARTS; part++) {
        struct ipm_histogram *mine = calloc(1, sizeof *mine);
        struct ipm_latency latency = {0};
        for (size_t i = 0; i < EACH; i++) {
            const uint64_t ns = (uint64_t)hist_pareto();
            ipm_histogram_record(mine, ns);
            ipm_histogram_record(whole, ns);
        }
        cr_assert_eq(ipm_latency_take(&latency, mine), 0);
        ipm_histogram_add(dense, mine);
        ipm_histogram_add_latency(sparse, &latency);
        ipm_latency_done(&latency);
        free(mine);
    }
    cr_expect_eq(memcmp(dense, whole, sizeof *whole), 0);
    cr_expect_eq(memcmp(sparse, whole, sizeof *whole), 0);
    free(whole);
}

Test(model_histogram, an_empty_part_changes_no_extreme) {
    struct ipm_histogram *h = calloc(2, sizeof *h);
    const struct ipm_latency none = {0};
    ipm_histogram_record(h, 500);
    ipm_histogram_add(h, h + 1);
    ipm_histogram_add_latency(h, &none);
    cr_expect_eq(h->min_ns, 500);
    cr_expect_eq(h->count, 1);
    free(h);
}
