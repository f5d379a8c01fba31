/* test_model_unknown.c - statistics of values some of which are unknown. */
#include "model/compare/compare.h"
#include "model/compare/judge.h"
#include "tests/support/compare_sample.h"
#include "tests/support/random_report.h"
#include "tests/support/report_sample_case.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { UNKNOWN_SEEDS = 60, UNKNOWN_ROUNDS = 14, UNKNOWN_BLOCKS = 14 };

static void unknown_one_of(double *value, uint64_t *state, double share) {
    if (ipm_sample_noise(state) < 2 * share - 1)
        *value = NAN;
}

/* Makes about that share of the values of the references and of the ends unknown. */
static void unknown_punch(struct ipm_report *report, uint64_t *state, double share) {
    for (size_t i = 0; i < report->references.count; i++) {
        struct ipm_reference_round *round = &report->references.rounds[i];
        unknown_one_of(&round->memcpy_bytes_per_second[0], state, share);
        unknown_one_of(&round->null_syscall_ns, state, share);
        unknown_one_of(&round->core_to_core_ns, state, share);
        unknown_one_of(&round->context_switch_ns, state, share);
        unknown_one_of(&round->null_transport_ns_per_message, state, share);
    }
    for (size_t c = 0; c < report->case_count; c++) {
        for (size_t t = 0; t < report->cases[c].trial_count; t++) {
            struct ipm_sample *trial = &report->cases[c].trials[t];
            double known = 0;
            unknown_one_of(&known, state, share);
            trial->usage[IPM_SENDER].user_ns = isnan(known) ? -1 : 0;
            unknown_one_of(&known, state, share);
            trial->elapsed_ns = isnan(known) ? 0 : trial->elapsed_ns;
        }
    }
    cr_assert_eq(ipm_report_summarize(report), 0);
}

/* --- low <= estimate <= high ------------------------------------------------------------ */

static void unknown_ordered(double low, double middle, double high, const char *what,
                            uint64_t seed) {
    cr_assert_eq(isnan(low), isnan(high), "seed %zu, %s", (size_t)seed, what);
    cr_assert(isnan(low) || (low <= middle && middle <= high),
              "seed %zu, %s: %g <= %g <= %g", (size_t)seed, what, low, middle, high);
}

static void unknown_statistic(const struct ipm_statistic *s, const char *what,
                              uint64_t seed) {
    unknown_ordered(s->ci95_low, s->median, s->ci95_high, what, seed);
    unknown_ordered(s->min, s->median, s->max, what, seed);
    cr_assert_eq(s->count == 0, isnan(s->median), "seed %zu, %s", (size_t)seed, what);
}

static void unknown_latency(const struct ipm_latency *latency, uint64_t seed) {
    const double ratios[] = {0.5, 0.9, 0.99, 0.999, 0.9999};
    const double min = (double)latency->min_ns;
    const double max = (double)latency->max_ns;
    double before = min;
    for (size_t i = 0; latency->count > 0 && i < 5; i++) {
        const double quantile = ipm_latency_quantile(latency, ratios[i]);
        unknown_ordered(before, quantile, max, "quantile", seed);
        before = quantile;
    }
    if (latency->count > 0)
        unknown_ordered(min, ipm_latency_mean(latency), max, "mean", seed);
}

static void unknown_report(const struct ipm_report *report, uint64_t seed) {
    const struct ipm_references *references = &report->references;
    for (size_t i = 0; i < references->sizes.count; i++)
        unknown_statistic(&references->memcpy_bytes_per_second[i], "memcpy", seed);
    unknown_statistic(&references->null_syscall_ns, "syscall", seed);
    unknown_statistic(&references->core_to_core_ns, "cores", seed);
    unknown_statistic(&references->context_switch_ns, "switch", seed);
    unknown_statistic(&references->null_transport_ns_per_message, "transport", seed);
    for (size_t c = 0; c < report->case_count; c++) {
        const struct ipm_summary *summary = report->cases[c].summary;
        for (size_t m = 0; m < IPM_METRICS; m++)
            if (ipm_metrics[m].quantile <= 0)
                unknown_statistic(&summary->metrics[m], ipm_metrics[m].key, seed);
        unknown_latency(&summary->latency, seed);
        for (size_t t = 0; t < report->cases[c].trial_count; t++)
            unknown_latency(&report->cases[c].trials[t].latency, seed);
    }
}

static void unknown_comparison(const struct ipm_comparison *comparison, uint64_t seed) {
    for (size_t i = 0; i < comparison->result_count; i++) {
        const struct ipm_compared *result = &comparison->results[i];
        unknown_ordered(result->ratio_low, result->ratio, result->ratio_high,
                        result->metric->key, seed);
        unknown_statistic(&result->sides[IPM_ARM_BASE], result->metric->key, seed);
        unknown_statistic(&result->sides[IPM_ARM_NEW], result->metric->key, seed);
        if (comparison->paired)
            cr_assert_eq(result->sides[IPM_ARM_BASE].count,
                         result->sides[IPM_ARM_NEW].count);
        cr_assert(result->drift >= 0 && result->threshold >= comparison->threshold,
                  "seed %zu: %g %g", (size_t)seed, result->drift, result->threshold);
    }
}

/* Compares by every metric, and checks the order of all figures. */
static void unknown_compare(struct ipm_comparison *comparison,
                            const struct ipm_report *bases,
                            const struct ipm_report *fresh, size_t count, uint64_t seed) {
    static const char *const names[UNKNOWN_BLOCKS] = {"a", "b"};
    static const char *const name = "new";
    const struct ipm_compare_input input = {
        .sides = {{count, bases, names}, {comparison->paired ? count : 1, fresh, &name}}};
    struct ipm_metric_choice choice = {.primary = true};
    memset(choice.chosen, 1, sizeof choice.chosen);
    comparison->threshold = comparison->alpha = 0.05;
    cr_assert_eq(ipm_compare(comparison, &input, &choice), 0);
    unknown_comparison(comparison, seed);
}

Test(model_unknown, an_estimate_is_in_its_interval_in_any_report) {
    for (uint64_t seed = 0; seed < UNKNOWN_SEEDS; seed++) {
        struct ipm_report report;
        cr_assert_eq(ipm_report_random(&report, seed), 0);
        cr_assert_eq(ipm_report_summarize(&report), 0);
        unknown_report(&report, seed);
        ipm_report_done(&report);
    }
}

static const struct ipm_compare_row unknown_rows[] = {
    {.transport = "pipe", .bytes_per_second = 1e9, .noise = 0.1, .drift = 0.1},
    {.transport = "unix", .bytes_per_second = 2e9, .noise = 0.02},
};

Test(model_unknown, an_estimate_is_in_its_interval_in_any_comparison) {
    for (uint64_t seed = 0; seed < UNKNOWN_SEEDS; seed++) {
        uint64_t state = seed + 1;
        const double share = 0.1 * (double)(seed % 11);
        struct ipm_report bases[2];
        struct ipm_report fresh;
        struct ipm_comparison comparison = {0};
        ipm_compare_sample(&bases[0], unknown_rows, 2, UNKNOWN_ROUNDS, 1, seed);
        ipm_compare_sample(&bases[1], unknown_rows, 2, UNKNOWN_ROUNDS, 0.9, seed + 50);
        ipm_compare_sample(&fresh, unknown_rows, 2, UNKNOWN_ROUNDS, 0.7, seed + 99);
        unknown_punch(&bases[seed % 2], &state, share);
        unknown_punch(&fresh, &state, share);
        unknown_compare(&comparison, bases, &fresh, 1 + seed % 2, seed);
        ipm_report_done(&bases[0]);
        ipm_report_done(&bases[1]);
        ipm_report_done(&fresh);
        ipm_comparison_done(&comparison);
    }
}

Test(model_unknown, an_estimate_is_in_its_interval_in_any_pairs) {
    for (uint64_t seed = 0; seed < UNKNOWN_SEEDS; seed++) {
        uint64_t state = seed + 1;
        struct ipm_report sides[IPM_ARMS][UNKNOWN_BLOCKS];
        struct ipm_comparison comparison = {.paired = true};
        for (size_t i = 0; i < UNKNOWN_BLOCKS; i++) {
            for (int s = 0; s < IPM_ARMS; s++) {
                ipm_compare_sample(&sides[s][i], unknown_rows, 2, 1, 1, 20 * seed + i);
                unknown_punch(&sides[s][i], &state, 0.1 * (double)(seed % 11));
            }
        }
        unknown_compare(&comparison, sides[IPM_ARM_BASE], sides[IPM_ARM_NEW],
                        UNKNOWN_BLOCKS, seed);
        for (size_t i = 0; i < UNKNOWN_BLOCKS; i++) {
            ipm_report_done(&sides[IPM_ARM_BASE][i]);
            ipm_report_done(&sides[IPM_ARM_NEW][i]);
        }
        ipm_comparison_done(&comparison);
    }
}

/* --- verdicts --------------------------------------------------------------------------- */

/* A machine that is slower by a quarter shows the same results, although a reference is
 * unknown in every `step`-th round of each side. */
static void unknown_reference_of_slower_machine(size_t step, bool divided) {
    static const struct ipm_compare_row row = {
        .transport = "pipe", .bytes_per_second = 1e9, .noise = 0.01};
    struct ipm_report reports[IPM_ARMS];
    struct ipm_comparison comparison = {0};
    for (int s = 0; s < IPM_ARMS; s++) {
        ipm_compare_sample(&reports[s], &row, 1, 40, s == IPM_ARM_NEW ? 0.75 : 1, 7);
        for (size_t i = 0; i < 40; i++) {
            struct ipm_reference_round *round = &reports[s].references.rounds[i];
            round->memcpy_bytes_per_second[0] = round->null_syscall_ns = NAN;
            round->null_transport_ns_per_message = NAN;
            if (i % step == (size_t)s)
                round->core_to_core_ns = NAN;
        }
    }
    unknown_compare(&comparison, &reports[0], &reports[1], 1, step);
    const struct ipm_compared *result = NULL;
    for (size_t i = 0; i < comparison.result_count; i++)
        if (comparison.results[i].metric == &ipm_metrics[IPM_METRIC_THROUGHPUT])
            result = &comparison.results[i];
    cr_assert_not_null(result);
    cr_expect_eq(result->reference == IPM_REFERENCE_CORES, divided);
    cr_expect_float_eq(result->ratio, divided ? 1 : 0.75, 0.02, "%g", result->ratio);
    ipm_report_done(&reports[0]);
    ipm_report_done(&reports[1]);
    ipm_comparison_done(&comparison);
}

Test(model_unknown, a_reference_that_is_known_in_most_rounds_counts_in_these) {
    unknown_reference_of_slower_machine(5, true);
}

/* What the other rounds measured would not count at all. */
Test(model_unknown, a_reference_that_is_unknown_in_many_rounds_does_not_count) {
    unknown_reference_of_slower_machine(2, false);
}

/* The values that are known are equal on both sides. */
Test(model_unknown, a_shift_leaves_unknown_values_out_of_values_and_counts) {
    double a[60];
    double b[60];
    struct ipm_shift shift;
    struct ipm_rank_cache cache = {0};
    for (size_t i = 0; i < 60; i++) {
        a[i] = i % 3 == 0 ? NAN : (double)i;
        b[i] = i % 2 == 0 ? NAN : (double)i;
    }
    cr_assert_eq(ipm_shift_of(&shift, &cache, a, 60, b, 60), 0);
    cr_expect(shift.low <= shift.median && shift.median <= shift.high, "%g %g %g",
              shift.low, shift.median, shift.high);
    cr_expect(fabs(shift.median) < 2 && shift.low > -30 && shift.high < 30, "%g %g %g",
              shift.low, shift.median, shift.high);
    ipm_rank_cache_done(&cache);
}
