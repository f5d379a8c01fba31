/* test_model_compare_pairs.c - what is said of blocks of two trials each. */
#include "model/compare/compare.h"
#include "tests/support/compare_sample.h"

#include <criterion/criterion.h>
#include <inttypes.h>

static struct ipm_comparison pairs_comparison;
static const struct ipm_metric_choice pairs_choice = {.primary = true};

enum { COMPARE_BLOCKS = 12 };

static struct ipm_report pairs[2][IPM_ARMS][COMPARE_BLOCKS];

static void pairs_begin(void) {
    pairs_comparison =
        (struct ipm_comparison){.threshold = 0.05, .alpha = 0.05, .paired = true};
}

static void pairs_end(void) {
    for (int round = 0; round < 2; round++)
        for (int s = 0; s < IPM_ARMS; s++)
            for (int i = 0; i < COMPARE_BLOCKS; i++)
                ipm_report_done(&pairs[round][s][i]);
    ipm_comparison_done(&pairs_comparison);
}

TestSuite(model_compare_pairs, .init = pairs_begin, .fini = pairs_end);

/* Blocks of one trial a side, on a machine whose speed changes from block to block: B has
 * that share of A's throughput. */
static struct ipm_comparison pairs_measure(int round, double share,
                                           const struct ipm_comparison *only) {
    static const char *const names[] = {"a", "b"};
    struct ipm_comparison result = {.threshold = 0.05, .alpha = 0.05, .paired = true};
    struct ipm_compare_input input = {.only = only};
    for (int s = 0; s < IPM_ARMS; s++) {
        for (int i = 0; i < COMPARE_BLOCKS; i++) {
            const struct ipm_compare_row rows[] = {
                {.transport = "pipe",
                 .bytes_per_second = s == IPM_ARM_NEW ? 1e9 * share : 1e9,
                 .noise = 0.01},
                {.transport = "unix", .bytes_per_second = 1e9, .noise = 0.01}};
            ipm_compare_sample(&pairs[round][s][i], rows, 2, 1, 1 + 0.3 * (i % 4),
                               (uint64_t)(7 * i + s));
        }
        input.sides[s].count = COMPARE_BLOCKS;
        input.sides[s].reports = pairs[round][s];
        input.sides[s].names = &names[s];
    }
    cr_assert_eq(ipm_compare(&result, &input, &pairs_choice), 0);
    return result;
}

Test(model_compare_pairs, find_what_drift_would_hide) {
    pairs_comparison = pairs_measure(0, 0.85, NULL);
    cr_assert_eq(pairs_comparison.result_count, 2);
    cr_expect_eq(pairs_comparison.run_count, 2);
    cr_expect_eq(pairs_comparison.results[0].verdict, IPM_VERDICT_REGRESSED);
    cr_expect_float_eq(pairs_comparison.results[0].ratio, 0.85, 0.01);
    cr_expect_eq(pairs_comparison.results[0].sides[IPM_ARM_NEW].count, COMPARE_BLOCKS);
    cr_expect_eq(pairs_comparison.results[1].verdict, IPM_VERDICT_SAME);
    cr_expect_eq(pairs_comparison.gate, IPM_GATE_FAILED);
}

Test(model_compare_pairs, count_only_what_a_second_measurement_confirms) {
    pairs_comparison = pairs_measure(0, 0.85, NULL);
    struct ipm_comparison again = pairs_measure(1, 0.85, &pairs_comparison);
    cr_expect_eq(again.result_count, 1, "only what changed is judged again");
    ipm_compare_confirm(&pairs_comparison, &again);
    cr_expect_eq(pairs_comparison.results[0].confirmation, IPM_CONFIRMATION_YES);
    cr_expect_eq(pairs_comparison.results[1].confirmation, IPM_CONFIRMATION_NONE);
    cr_expect_eq(pairs_comparison.gate, IPM_GATE_FAILED);
    ipm_comparison_done(&again);
    for (int s = 0; s < IPM_ARMS; s++)
        for (int i = 0; i < COMPARE_BLOCKS; i++)
            ipm_report_done(&pairs[1][s][i]);
    again = pairs_measure(1, 1, &pairs_comparison);
    again.results[0].rounds_more = 7;
    ipm_compare_confirm(&pairs_comparison, &again);
    cr_expect_eq(pairs_comparison.results[0].rounds_more, 7, "%" PRIu64,
                 pairs_comparison.results[0].rounds_more);
    cr_expect_eq(pairs_comparison.results[0].confirmation, IPM_CONFIRMATION_NO);
    cr_expect_eq(pairs_comparison.results[0].verdict, IPM_VERDICT_UNDECIDED);
    cr_expect_eq(pairs_comparison.gate, IPM_GATE_OPEN);
    ipm_comparison_done(&again);
}

Test(model_compare_pairs, leave_out_blocks_that_lack_a_side) {
    pairs_comparison = pairs_measure(0, 0.85, NULL);
    ipm_comparison_done(&pairs_comparison);
    pairs_begin();
    for (int i = 0; i < 3; i++)
        pairs[0][IPM_ARM_BASE][i].cases[0].status = IPM_CASE_SKIPPED;
    static const char *const name = "x";
    const struct ipm_compare_input input = {
        .sides = {{COMPARE_BLOCKS, pairs[0][0], &name},
                  {COMPARE_BLOCKS, pairs[0][1], &name}}};
    cr_assert_eq(ipm_compare(&pairs_comparison, &input, &pairs_choice), 0);
    cr_expect_eq(pairs_comparison.results[0].verdict, IPM_VERDICT_INSUFFICIENT);
    cr_expect_eq(pairs_comparison.gate, IPM_GATE_UNDECIDED);
}

Test(model_compare_pairs, leave_out_contended_blocks) {
    pairs_comparison = pairs_measure(0, 0.85, NULL);
    ipm_comparison_done(&pairs_comparison);
    pairs_begin();
    for (int i = 0; i < 6; i++)
        pairs[0][i % IPM_ARMS][i].cases[0].trials[0].contended = 1;
    static const char *const name = "x";
    const struct ipm_compare_input input = {
        .sides = {{COMPARE_BLOCKS, pairs[0][0], &name},
                  {COMPARE_BLOCKS, pairs[0][1], &name}}};
    cr_assert_eq(ipm_compare(&pairs_comparison, &input, &pairs_choice), 0);
    cr_expect_eq(pairs_comparison.results[0].verdict, IPM_VERDICT_CONTENDED);
    cr_expect_eq(pairs_comparison.results[0].contended[IPM_ARM_BASE], 6);
    cr_expect_eq(pairs_comparison.results[0].sides[IPM_ARM_NEW].count,
                 COMPARE_BLOCKS - 6);
}
