/* test_model_few.c - trials of so few messages that one call more or less counts. */
#include "model/compare/compare.h"
#include "tests/support/compare_sample.h"

#include <criterion/criterion.h>

enum { FEW_ROUNDS = 12, FEW_BASES_MOST = 5 };

/* A run whose receiver makes so many calls for all messages of a trial. */
static void few_run(struct ipm_report *report, uint64_t messages, uint64_t received) {
    const struct ipm_compare_row row = {.transport = "pipe", .bytes_per_second = 1e9};
    ipm_compare_sample(report, &row, 1, FEW_ROUNDS, 1, 1);
    for (size_t i = 0; i < FEW_ROUNDS; i++) {
        struct ipm_sample *trial = &report->cases[0].trials[i];
        trial->sent.messages = trial->received.messages = messages;
        trial->sent.calls = messages;
        trial->received.calls = received;
    }
    cr_assert_eq(ipm_report_summarize(report), 0);
}

static void few_expect(size_t bases, uint64_t messages, uint64_t received,
                       enum ipm_verdict verdict) {
    static const char *const names[FEW_BASES_MOST] = {"a", "b", "c", "d", "e"};
    static const char *const name = "new.json";
    struct ipm_report base[FEW_BASES_MOST] = {{.case_count = 0}};
    struct ipm_report fresh = {.case_count = 0};
    struct ipm_comparison comparison = {.threshold = 0.02, .alpha = 0.05};
    const struct ipm_metric_choice choice = {.chosen[IPM_METRIC_CALLS] = true};
    const struct ipm_compare_input input = {
        .sides = {{.count = bases, .reports = base, .names = names},
                  {.count = 1, .reports = &fresh, .names = &name}}};
    for (size_t i = 0; i < bases; i++)
        few_run(&base[i], 44, 1);
    few_run(&fresh, messages, received);
    cr_assert_eq(ipm_compare(&comparison, &input, &choice), 0);
    cr_assert_eq(comparison.result_count, 1);
    cr_expect_eq(comparison.results[0].verdict, verdict, "%zu bases, %zu messages: %d",
                 bases, (size_t)messages, (int)comparison.results[0].verdict);
    for (size_t i = 0; i < bases; i++)
        ipm_report_done(&base[i]);
    ipm_report_done(&fresh);
    ipm_comparison_done(&comparison);
}

/* A receiver that reads 44 messages at once reads two of them at once, too. */
Test(model_few, messages_need_a_larger_change_of_calls) {
    for (size_t bases = 1; bases <= FEW_BASES_MOST; bases += FEW_BASES_MOST - 1) {
        few_expect(bases, 2, 1, IPM_VERDICT_UNDECIDED);
        few_expect(bases, 44, 2, IPM_VERDICT_UNDECIDED);
        few_expect(bases, 44, 44, IPM_VERDICT_REGRESSED);
        few_expect(bases, 20000, 10000, IPM_VERDICT_REGRESSED);
    }
}
