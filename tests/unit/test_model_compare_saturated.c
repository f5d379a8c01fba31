/* test_model_compare_saturated.c - a case that does not keep its rate has no latency to judge. */
#include "model/compare/compare.h"
#include "tests/support/compare_sample.h"

#include <criterion/criterion.h>

enum { SATURATED_TRIALS = 10, SATURATED_MESSAGES = 1000 };

static struct ipm_report reports[IPM_ARMS];
static struct ipm_comparison saturated_comparison;
static struct ipm_metric_choice saturated_choice;

static void saturated_begin(void) {
    saturated_choice = (struct ipm_metric_choice){.primary = true};
    saturated_choice.chosen[IPM_METRIC_LATENCY_P99] = true;
    saturated_choice.chosen[IPM_METRIC_SEND_LAG] = true;
    saturated_comparison = (struct ipm_comparison){.threshold = 0.05, .alpha = 0.05};
}

static void saturated_end(void) {
    ipm_report_done(&reports[IPM_ARM_BASE]);
    ipm_report_done(&reports[IPM_ARM_NEW]);
    ipm_comparison_done(&saturated_comparison);
}

TestSuite(model_compare_saturated, .init = saturated_begin, .fini = saturated_end);

/* A second of messages, of which the last one is that late. */
static void saturated_side(struct ipm_report *report, uint64_t last_ns) {
    static struct ipm_histogram histogram;
    const struct ipm_compare_row row = {.transport = "pipe", .bytes_per_second = 1e9};
    ipm_compare_sample(report, &row, 1, SATURATED_TRIALS, 1, 1);
    histogram = (struct ipm_histogram){0};
    for (uint64_t i = 1; i <= SATURATED_MESSAGES; i++)
        ipm_histogram_record(&histogram, 1000 + i * last_ns / SATURATED_MESSAGES);
    for (size_t i = 0; i < SATURATED_TRIALS; i++) {
        struct ipm_sample *trial = &report->cases[0].trials[i];
        ipm_latency_done(&trial->latency);
        ipm_latency_done(&trial->send_lag);
        cr_assert_eq(ipm_latency_take(&trial->latency, &histogram), 0);
        cr_assert_eq(ipm_latency_take(&trial->send_lag, &histogram), 0);
        trial->scheduled_messages = SATURATED_MESSAGES;
        trial->scheduled_ns = 1000000000;
        trial->elapsed_ns = trial->scheduled_ns + last_ns;
    }
}

static void saturated_compare(uint64_t base_ns, uint64_t new_ns) {
    static const char *const name = "x";
    const struct ipm_compare_input input = {
        .sides = {{.count = 1, .reports = &reports[IPM_ARM_BASE], .names = &name},
                  {.count = 1, .reports = &reports[IPM_ARM_NEW], .names = &name}}};
    saturated_side(&reports[IPM_ARM_BASE], base_ns);
    saturated_side(&reports[IPM_ARM_NEW], new_ns);
    cr_assert_eq(ipm_compare(&saturated_comparison, &input, &saturated_choice), 0);
}

static enum ipm_verdict saturated_verdict(enum ipm_metric_id metric) {
    for (size_t i = 0; i < saturated_comparison.result_count; i++)
        if (saturated_comparison.results[i].metric == &ipm_metrics[metric])
            return saturated_comparison.results[i].verdict;
    return IPM_VERDICTS;
}

Test(model_compare_saturated, latencies_of_both_sides_are_not_judged) {
    saturated_compare(500000000, 900000000);
    cr_assert_eq(saturated_comparison.result_count, 3);
    cr_expect_eq(saturated_verdict(IPM_METRIC_LATENCY_P99), IPM_VERDICT_SATURATED);
    cr_expect_eq(saturated_verdict(IPM_METRIC_SEND_LAG), IPM_VERDICT_SATURATED);
    cr_expect_neq(saturated_verdict(IPM_METRIC_THROUGHPUT), IPM_VERDICT_SATURATED);
    cr_expect_eq(ipm_comparison_count_gated(&saturated_comparison, IPM_VERDICTS), 1,
                 "the primary metric is gated, and the other two are only shown");
}

Test(model_compare_saturated, latencies_of_one_side_are_worse_than_those_of_the_other) {
    saturated_compare(1000, 900000000);
    cr_expect_eq(saturated_verdict(IPM_METRIC_LATENCY_P99), IPM_VERDICT_REGRESSED);
    cr_expect_eq(saturated_comparison.gate, IPM_GATE_FAILED);
}

Test(model_compare_saturated, nothing_else_is_to_be_judged) {
    saturated_choice.primary = false;
    saturated_compare(500000000, 500000000);
    cr_expect_eq(saturated_comparison.gate, IPM_GATE_UNDECIDED);
}
