/* test_model_compare.c - what is said of two reports, and what is not. */
#include "model/compare/compare.h"
#include "tests/support/compare_sample.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COMPARE_BASES_MOST = 6 };

static struct ipm_report bases[COMPARE_BASES_MOST];
static struct ipm_report fresh;
static struct ipm_comparison comparison;
static struct ipm_metric_choice choice;

static void compare_begin(void) {
    choice = (struct ipm_metric_choice){.primary = true};
    comparison = (struct ipm_comparison){.threshold = 0.05, .alpha = 0.05};
}

static void compare_end(void) {
    for (size_t i = 0; i < COMPARE_BASES_MOST; i++)
        ipm_report_done(&bases[i]);
    ipm_report_done(&fresh);
    ipm_comparison_done(&comparison);
}

TestSuite(model_compare, .init = compare_begin, .fini = compare_end);

static void compare_all(size_t base_count) {
    static const char *const names[COMPARE_BASES_MOST] = {"a", "b", "c", "d", "e", "f"};
    static const char *const name = "new.json";
    const struct ipm_compare_input input = {
        .sides = {{.count = base_count, .reports = bases, .names = names},
                  {.count = 1, .reports = &fresh, .names = &name}}};
    cr_assert_eq(ipm_compare(&comparison, &input, &choice), 0);
}

/* One case before, and one after on a machine of that speed. */
static const struct ipm_compared *compare_two(struct ipm_compare_row before,
                                              struct ipm_compare_row after, size_t rounds,
                                              double speed) {
    before.transport = after.transport = "pipe";
    ipm_compare_sample(&bases[0], &before, 1, rounds, 1, 1);
    ipm_compare_sample(&fresh, &after, 1, rounds, speed, 2);
    compare_all(1);
    cr_assert_eq(comparison.result_count, 1);
    return &comparison.results[0];
}

Test(model_compare, finds_a_third_less) {
    const struct ipm_compared *result = compare_two(
        (struct ipm_compare_row){.bytes_per_second = 1e9, .noise = 0.03},
        (struct ipm_compare_row){.bytes_per_second = 7e8, .noise = 0.03}, 10, 1);
    cr_expect_eq(result->verdict, IPM_VERDICT_REGRESSED);
    cr_expect_float_eq(result->ratio, 0.7, 0.02);
    cr_expect(result->ratio_low < result->ratio && result->ratio < result->ratio_high);
    cr_expect_float_eq(result->sides[IPM_ARM_BASE].median, 1e9, 3e7);
    cr_expect_eq(comparison.gate, IPM_GATE_FAILED);
    cr_expect(ipm_compared_worse(result) > 0);
}

Test(model_compare, finds_a_third_more) {
    const struct ipm_compared *result = compare_two(
        (struct ipm_compare_row){.bytes_per_second = 1e9, .noise = 0.03},
        (struct ipm_compare_row){.bytes_per_second = 1.3e9, .noise = 0.03}, 10, 1);
    cr_expect_eq(result->verdict, IPM_VERDICT_IMPROVED);
    cr_expect_eq(comparison.gate, IPM_GATE_PASSED);
}

Test(model_compare, calls_equal_what_is_within_the_threshold) {
    const struct ipm_compared *result = compare_two(
        (struct ipm_compare_row){.bytes_per_second = 1e9, .noise = 0.01},
        (struct ipm_compare_row){.bytes_per_second = 9.9e8, .noise = 0.01}, 10, 1);
    cr_expect_eq(result->verdict, IPM_VERDICT_SAME);
    cr_expect_eq(result->rounds_more, 0);
}

/* The medians agree, but figures that wander by 10 % of themselves do so by luck. */
Test(model_compare, does_not_call_equal_what_drift_may_hide) {
    const struct ipm_compare_row row = {
        .bytes_per_second = 1e9, .noise = 0.01, .drift = 0.1};
    const struct ipm_compared *result = compare_two(row, row, 40, 1);
    cr_expect(result->ratio_low > 0.96 && result->ratio_high < 1.04);
    cr_expect(result->drift > 0.02, "%g", result->drift);
    cr_expect_eq(result->verdict, IPM_VERDICT_UNDECIDED);
    cr_expect_eq(result->rounds_more, 0);
}

/* The same change of 10 %, and figures that wander by 20 % of themselves: no more rounds
 * would tell. */
Test(model_compare, does_not_call_drift_a_change) {
    const struct ipm_compared *result = compare_two(
        (struct ipm_compare_row){.bytes_per_second = 1e9, .noise = 0.01, .drift = 0.2},
        (struct ipm_compare_row){.bytes_per_second = 8e8, .noise = 0.01, .drift = 0.2},
        40, 1);
    cr_expect(result->p_regressed < 0.001);
    cr_expect(result->threshold > 0.14, "%g", result->threshold);
    cr_expect_eq(result->verdict, IPM_VERDICT_REGRESSED);
    compare_end();
    compare_begin();
    result = compare_two(
        (struct ipm_compare_row){.bytes_per_second = 1e9, .noise = 0.01, .drift = 0.2},
        (struct ipm_compare_row){.bytes_per_second = 9e8, .noise = 0.01, .drift = 0.2},
        40, 1);
    cr_expect(result->p_regressed < 0.05);
    cr_expect_eq(result->verdict, IPM_VERDICT_UNDECIDED);
    cr_expect_eq(result->rounds_more, 0);
    cr_expect_eq(comparison.gate, IPM_GATE_OPEN);
}

Test(model_compare, tells_how_many_rounds_noise_wants) {
    const struct ipm_compared *result = compare_two(
        (struct ipm_compare_row){.bytes_per_second = 1e9, .noise = 0.2},
        (struct ipm_compare_row){.bytes_per_second = 1e9, .noise = 0.2}, 40, 1);
    cr_expect_eq(result->verdict, IPM_VERDICT_UNDECIDED);
    cr_expect(result->rounds_more > 0);
}

Test(model_compare, needs_seven_trials_of_each) {
    const struct ipm_compared *result =
        compare_two((struct ipm_compare_row){.bytes_per_second = 1e9},
                    (struct ipm_compare_row){.bytes_per_second = 5e8}, 6, 1);
    cr_expect_eq(result->verdict, IPM_VERDICT_INSUFFICIENT);
    cr_expect_eq(comparison.gate, IPM_GATE_UNDECIDED);
}

/* All of the machine is a quarter slower. */
Test(model_compare, divides_the_machine_out) {
    const struct ipm_compared *result = compare_two(
        (struct ipm_compare_row){.bytes_per_second = 1e9, .noise = 0.01},
        (struct ipm_compare_row){.bytes_per_second = 1e9, .noise = 0.01}, 10, 0.75);
    cr_expect_neq(result->reference, IPM_REFERENCE_NONE);
    cr_expect_float_eq(result->ratio, 1, 0.02);
    cr_expect_eq(result->verdict, IPM_VERDICT_SAME);
    cr_expect_float_eq(result->sides[IPM_ARM_NEW].median, 7.5e8, 2e7);
}

Test(model_compare, finds_a_change_on_a_slower_machine) {
    const struct ipm_compared *result = compare_two(
        (struct ipm_compare_row){.bytes_per_second = 1e9, .noise = 0.01},
        (struct ipm_compare_row){.bytes_per_second = 7e8, .noise = 0.01}, 10, 0.75);
    cr_expect_float_eq(result->ratio, 0.7, 0.02);
    cr_expect_eq(result->verdict, IPM_VERDICT_REGRESSED);
}

/* More was measured than before, if less than the machine is faster: whether that is slower is
 * a matter of the reference measurement. */
Test(model_compare, calls_nothing_slower_that_was_measured_faster) {
    const struct ipm_compared *result = compare_two(
        (struct ipm_compare_row){.bytes_per_second = 1e9, .noise = 0.01},
        (struct ipm_compare_row){.bytes_per_second = 8.5e8, .noise = 0.01}, 10, 1.25);
    cr_expect_float_eq(result->ratio, 0.85, 0.02);
    cr_expect(1 / result->ratio_high > 1 + result->threshold);
    cr_expect_eq(result->verdict, IPM_VERDICT_UNDECIDED);
}

Test(model_compare, is_not_fooled_by_references_that_changed) {
    struct ipm_compare_row row = {
        .transport = "pipe", .bytes_per_second = 1e9, .noise = 0.01};
    ipm_compare_sample(&bases[0], &row, 1, 10, 1, 1);
    row.bytes_per_second = 9e8;
    ipm_compare_sample(&fresh, &row, 1, 10, 1, 2);
    for (size_t i = 0; i < fresh.references.count; i++)
        fresh.references.rounds[i].null_syscall_ns *= 1.2;
    compare_all(1);
    cr_expect_eq(comparison.results[0].verdict, IPM_VERDICT_UNDECIDED);
    cr_expect(comparison.results[0].drift > 0.15, "%g", comparison.results[0].drift);
}

/* The CPUs of a virtual machine were moved apart: whatever crosses from one to another costs
 * something else now, and nothing else shows it. What stays on one CPU does not. */
Test(model_compare, knows_that_cpus_were_moved) {
    struct ipm_compare_row row = {
        .transport = "pipe", .bytes_per_second = 1e9, .noise = 0.01};
    for (int pinned = 0; pinned < 2; pinned++) {
        ipm_compare_sample(&bases[0], &row, 1, 10, 1, 1);
        ipm_compare_sample(&fresh, &row, 1, 10, 1, 2);
        for (size_t i = 0; i < 10; i++) {
            fresh.references.rounds[i].core_to_core_ns *= 3;
            fresh.cases[0].trials[i].elapsed_ns *= 2;
        }
        bases[0].cases[0].config.sender_cpu = bases[0].cases[0].config.receiver_cpu =
            pinned - 1;
        fresh.cases[0].config = bases[0].cases[0].config;
        compare_all(1);
        cr_expect_float_eq(comparison.results[0].ratio, 0.5, 0.02);
        cr_expect_eq(comparison.results[0].verdict,
                     pinned ? IPM_VERDICT_REGRESSED : IPM_VERDICT_UNDECIDED);
        compare_end();
        compare_begin();
    }
}

/* Three runs of BASE lie 15 % apart: what one of them would have called a regression is
 * none. */
Test(model_compare, takes_runs_together_and_learns_their_spread) {
    struct ipm_compare_row row = {.transport = "pipe", .noise = 0.01};
    for (size_t i = 0; i < 3; i++) {
        row.bytes_per_second = 1e9 * (1 - 0.15 * (double)i);
        ipm_compare_sample(&bases[i], &row, 1, 10, 1, i);
    }
    row.bytes_per_second = 8e8;
    ipm_compare_sample(&fresh, &row, 1, 10, 1, 7);
    compare_all(1);
    cr_expect_eq(comparison.results[0].verdict, IPM_VERDICT_REGRESSED);
    ipm_comparison_done(&comparison);
    compare_begin();
    compare_all(3);
    cr_expect_eq(comparison.results[0].verdict, IPM_VERDICT_UNDECIDED);
    cr_expect_eq(comparison.results[0].sides[IPM_ARM_BASE].count, 30);
    cr_expect_eq(comparison.run_count, 4);
}

/* Five cases wander by 30 %. What of the sixth is noise enough may do so, too; were it calm, a
 * change of 20 % would be one. */
Test(model_compare, learns_drift_from_the_other_cases) {
    struct ipm_compare_row before[6];
    struct ipm_compare_row after[6];
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    static const double noises[] = {0.1, 0.005};
    static const enum ipm_verdict verdicts[] = {IPM_VERDICT_UNDECIDED,
                                                IPM_VERDICT_REGRESSED};
    for (int calm = 0; calm < 2; calm++) {
        for (size_t i = 0; i < 6; i++) {
            before[i] = (struct ipm_compare_row){
                .transport = names[i], .bytes_per_second = 1e9, .drift = 0.6};
            after[i] = before[i];
        }
        before[0].drift = after[0].drift = 0;
        before[0].noise = after[0].noise = noises[calm];
        after[0].bytes_per_second = 8e8;
        ipm_compare_sample(&bases[0], before, 6, 10, 1, 1);
        ipm_compare_sample(&fresh, after, 6, 10, 1, 2);
        compare_all(1);
        for (size_t i = 0; i < comparison.result_count; i++)
            if (comparison.results[i].name[7] == 'a')
                cr_expect_eq(comparison.results[i].verdict, verdicts[calm], "%d", calm);
        compare_end();
        compare_begin();
    }
}

Test(model_compare, lists_what_has_no_match) {
    const struct ipm_compare_row before[] = {
        {.transport = "pipe", .bytes_per_second = 1e9, .noise = 0.01},
        {.transport = "unix", .bytes_per_second = 1e9},
        {.transport = "udp", .status = IPM_CASE_SKIPPED},
        {.transport = "tcp", .bytes_per_second = 1e9}};
    const struct ipm_compare_row after[] = {
        {.transport = "pipe", .bytes_per_second = 1e9, .noise = 0.01},
        {.transport = "fifo", .bytes_per_second = 1e9},
        {.transport = "udp", .status = IPM_CASE_SKIPPED},
        {.transport = "tcp", .status = IPM_CASE_SKIPPED}};
    static const enum ipm_unmatched_state states[] = {
        IPM_UNMATCHED_NOT_IN_BASE, IPM_UNMATCHED_SKIPPED, IPM_UNMATCHED_NOT_IN_NEW,
        IPM_UNMATCHED_NOT_IN_NEW};
    static const char *const names[] = {"stream/fifo/4096", "stream/udp/4096",
                                        "stream/tcp/4096", "stream/unix/4096"};
    ipm_compare_sample(&bases[0], before, 4, 10, 1, 1);
    ipm_compare_sample(&fresh, after, 4, 10, 1, 2);
    compare_all(1);
    cr_assert_eq(comparison.unmatched_count, 4);
    for (size_t i = 0; i < 4; i++) {
        cr_expect_eq(comparison.unmatched[i].state, states[i], "%zu", i);
        cr_expect_str_eq(comparison.unmatched[i].name, names[i]);
    }
    cr_expect_str_eq(comparison.unmatched[2].reason, "no such family here");
    cr_expect_eq(comparison.gate, IPM_GATE_FAILED);
    comparison.allow_missing = true;
    ipm_comparison_settle(&comparison);
    cr_expect_eq(comparison.gate, IPM_GATE_PASSED);
}

Test(model_compare, fails_with_a_case_that_failed_and_is_undecided_without_any) {
    struct ipm_compare_row row = {.transport = "pipe", .bytes_per_second = 1e9};
    ipm_compare_sample(&bases[0], &row, 1, 10, 1, 1);
    row.status = IPM_CASE_FAILED;
    ipm_compare_sample(&fresh, &row, 1, 10, 1, 2);
    comparison.allow_missing = true;
    compare_all(1);
    cr_expect_eq(comparison.unmatched[0].state, IPM_UNMATCHED_FAILED);
    cr_expect_eq(comparison.gate, IPM_GATE_FAILED);
    ipm_comparison_done(&comparison);
    ipm_report_done(&fresh);
    ipm_compare_sample(&fresh, &row, 0, 10, 1, 2);
    compare_all(1);
    cr_expect_eq(comparison.gate, IPM_GATE_UNDECIDED);
}

Test(model_compare, puts_the_worst_first) {
    const struct ipm_compare_row before[] = {
        {.transport = "a", .bytes_per_second = 1e9, .noise = 0.01},
        {.transport = "b", .bytes_per_second = 1e9, .noise = 0.01},
        {.transport = "c", .bytes_per_second = 1e9, .noise = 0.01},
        {.transport = "d", .bytes_per_second = 1e9, .noise = 0.01}};
    struct ipm_compare_row after[4];
    memcpy(after, before, sizeof after);
    after[1].bytes_per_second = 7e8;
    after[2].bytes_per_second = 5e8;
    after[3].bytes_per_second = 2e9;
    ipm_compare_sample(&bases[0], before, 4, 10, 1, 1);
    ipm_compare_sample(&fresh, after, 4, 10, 1, 2);
    compare_all(1);
    cr_expect_str_eq(comparison.results[0].name, "stream/c/4096");
    cr_expect_str_eq(comparison.results[1].name, "stream/b/4096");
    cr_expect_str_eq(comparison.results[2].name, "stream/d/4096");
    cr_expect_str_eq(comparison.results[3].name, "stream/a/4096");
    cr_expect_eq(ipm_comparison_count(&comparison, IPM_VERDICT_REGRESSED), 2);
}

Test(model_compare, says_which_hosts_and_settings_differ) {
    const struct ipm_compare_row row = {.transport = "pipe", .bytes_per_second = 1e9};
    ipm_compare_sample(&bases[0], &row, 1, 10, 1, 1);
    ipm_compare_sample(&fresh, &row, 1, 10, 1, 2);
    compare_all(1);
    cr_expect_eq(comparison.difference_count, 0);
    cr_expect(ipm_compare_is_alike(&bases[0], &fresh));
    ipm_comparison_done(&comparison);
    (void)snprintf(fresh.host.kernel, sizeof fresh.host.kernel, "6.18");
    cr_expect(ipm_compare_is_alike(&bases[0], &fresh), "a kernel may be what is tested");
    (void)snprintf(fresh.host.hostname, sizeof fresh.host.hostname, "other");
    cr_expect_not(ipm_compare_is_alike(&bases[0], &fresh));
    fresh.settings.common.copy = true;
    compare_all(1);
    cr_assert_eq(comparison.difference_count, 3);
    cr_expect_str_eq(comparison.differences[0].what, "hostname");
    cr_expect_str_eq(comparison.differences[1].sides[IPM_ARM_NEW], "6.18");
    cr_expect_str_eq(comparison.differences[2].what, "copy");
}

Test(model_compare, of_different_cpu_quotas_are_not_alike) {
    const struct ipm_compare_row row = {.transport = "pipe", .bytes_per_second = 1e9};
    ipm_compare_sample(&bases[0], &row, 1, 10, 1, 1);
    ipm_compare_sample(&fresh, &row, 1, 10, 1, 2);
    fresh.host.cpu_quota_cpus = 0.2;
    cr_expect_not(ipm_compare_is_alike(&bases[0], &fresh));
    compare_all(1);
    cr_assert_eq(comparison.difference_count, 1);
    cr_expect_str_eq(comparison.differences[0].what, "cpu quota");
    cr_expect_str_eq(comparison.differences[0].sides[IPM_ARM_BASE], "");
    cr_expect_str_eq(comparison.differences[0].sides[IPM_ARM_NEW], "0.2");
    ipm_comparison_done(&comparison);
    bases[0].host.cpu_quota_period_ns = 0;
    compare_all(1);
    cr_expect_str_eq(comparison.differences[0].sides[IPM_ARM_BASE], "none");
}

Test(model_compare, with_another_program_beside_are_not_alike) {
    const struct ipm_compare_row row = {.transport = "pipe", .bytes_per_second = 1e9};
    ipm_compare_sample(&bases[0], &row, 1, 10, 1, 1);
    ipm_compare_sample(&fresh, &row, 1, 10, 1, 2);
    (void)snprintf(fresh.settings.beside, sizeof fresh.settings.beside, "stress-ng");
    cr_expect_not(ipm_compare_is_alike(&bases[0], &fresh));
    compare_all(1);
    cr_expect_str_eq(comparison.differences[0].sides[IPM_ARM_BASE], "none");
}

Test(model_compare, says_of_every_common_setting_that_it_differs) {
    const struct ipm_compare_row row = {.transport = "pipe", .bytes_per_second = 1e9};
    ipm_compare_sample(&bases[0], &row, 1, 10, 1, 1);
    ipm_compare_sample(&fresh, &row, 1, 10, 1, 2);
    for (size_t i = 0; i < IPM_SETTINGS; i++) {
        const struct ipm_setting *setting = &ipm_settings[i];
        char *member = (char *)&fresh.settings.common + setting->offset;
        if ((setting->flags & IPM_SETTING_COMMON) == 0)
            continue;
        *member ^= 1;
        compare_all(1);
        cr_assert_eq(comparison.difference_count, 1, "%s", setting->key);
        cr_expect_str_eq(comparison.differences[0].what, setting->key);
        cr_expect_not(ipm_compare_is_alike(&bases[0], &fresh), "%s", setting->key);
        ipm_comparison_done(&comparison);
        *member ^= 1;
    }
}

/* Costs fall as rates rise: 30 % less throughput is 43 % more CPU time a byte. */
Test(model_compare, judges_every_metric_that_is_asked_for) {
    static const enum ipm_metric_id asked[] = {
        IPM_METRIC_THROUGHPUT,   IPM_METRIC_MESSAGES,     IPM_METRIC_SENDER_CPU,
        IPM_METRIC_RECEIVER_CPU, IPM_METRIC_CPU_PER_BYTE, IPM_METRIC_CALLS,
        IPM_METRIC_SWITCHES,     IPM_METRIC_SETUP,        IPM_METRIC_LOSS,
        IPM_METRIC_FAIRNESS, /* which has no name */
    };
    struct ipm_compare_row row = {
        .transport = "pipe", .bytes_per_second = 1e9, .noise = 0.01};
    ipm_compare_sample(&bases[0], &row, 1, 10, 1, 1);
    row.bytes_per_second = 7e8;
    ipm_compare_sample(&fresh, &row, 1, 10, 1, 2);
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++)
        choice.chosen[asked[i]] = true;
    compare_all(1);
    cr_expect_eq(comparison.result_count, 9, "%zu", comparison.result_count);
    cr_expect_eq(ipm_comparison_count(&comparison, IPM_VERDICT_REGRESSED), 5);
    cr_expect_eq(ipm_comparison_count(&comparison, IPM_VERDICT_SAME), 4);
    for (size_t i = 0; i < 5; i++)
        cr_expect(ipm_compared_worse(&comparison.results[i]) > 0.3, "%zu", i);
}
