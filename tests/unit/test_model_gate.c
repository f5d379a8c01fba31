/* test_model_gate.c - what a gate makes of a first and a second measurement. */
#include "model/compare/compare.h"
#include "tests/support/compare_sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct ipm_comparison comparisons[3];

static void gate_end(void) {
    for (size_t i = 0; i < 3; i++)
        ipm_comparison_done(&comparisons[i]);
}

TestSuite(model_gate, .fini = gate_end);

/* One result of CPU time, with that verdict and ratio. */
static struct ipm_comparison *gate_result(size_t which, enum ipm_verdict verdict,
                                          double ratio) {
    struct ipm_comparison *comparison = &comparisons[which];
    ipm_comparison_done(comparison);
    *comparison = (struct ipm_comparison){.threshold = 0.02, .result_count = 1};
    comparison->results = calloc(1, sizeof *comparison->results);
    cr_assert_not_null(comparison->results);
    *comparison->results =
        (struct ipm_compared){.name = "x",
                              .metric = &ipm_metrics[IPM_METRIC_SENDER_CPU],
                              .verdict = verdict,
                              .ratio = ratio,
                              .gated = true};
    ipm_comparison_settle(comparison);
    return comparison;
}

static const struct gate_row {
    const char *what;
    enum ipm_verdict first;
    double ratio;
    enum ipm_verdict second;
    enum ipm_verdict twins;
    enum ipm_verdict becomes;
    enum ipm_gate gate;
} gate_rows[] = {
    {"both agree", IPM_VERDICT_REGRESSED, 1.1, IPM_VERDICT_REGRESSED, IPM_VERDICT_SAME,
     IPM_VERDICT_REGRESSED, IPM_GATE_FAILED},
    {"the twins do not know", IPM_VERDICT_REGRESSED, 1.1, IPM_VERDICT_REGRESSED,
     IPM_VERDICT_UNDECIDED, IPM_VERDICT_REGRESSED, IPM_GATE_FAILED},
    {"a doubt that came true", IPM_VERDICT_UNDECIDED, 1.03, IPM_VERDICT_REGRESSED,
     IPM_VERDICT_SAME, IPM_VERDICT_REGRESSED, IPM_GATE_FAILED},
    {"only the first time", IPM_VERDICT_REGRESSED, 1.1, IPM_VERDICT_SAME,
     IPM_VERDICT_SAME, IPM_VERDICT_UNDECIDED, IPM_GATE_OPEN},
    {"the other way round", IPM_VERDICT_REGRESSED, 1.1, IPM_VERDICT_IMPROVED,
     IPM_VERDICT_SAME, IPM_VERDICT_UNDECIDED, IPM_GATE_OPEN},
    {"it differs from itself", IPM_VERDICT_REGRESSED, 1.1, IPM_VERDICT_REGRESSED,
     IPM_VERDICT_REGRESSED, IPM_VERDICT_MACHINE, IPM_GATE_UNDECIDED},
    {"and in the other direction", IPM_VERDICT_REGRESSED, 1.1, IPM_VERDICT_REGRESSED,
     IPM_VERDICT_IMPROVED, IPM_VERDICT_MACHINE, IPM_GATE_UNDECIDED},
    {"too few twins", IPM_VERDICT_REGRESSED, 1.1, IPM_VERDICT_REGRESSED,
     IPM_VERDICT_INSUFFICIENT, IPM_VERDICT_UNDECIDED, IPM_GATE_OPEN},
};

Test(model_gate, believes_what_both_times_show_and_twins_do_not) {
    for (size_t i = 0; i < sizeof gate_rows / sizeof *gate_rows; i++) {
        const struct gate_row *row = &gate_rows[i];
        struct ipm_comparison *first = gate_result(0, row->first, row->ratio);
        cr_assert_eq(ipm_compare_suspect(first), 1, "%s", row->what);
        struct ipm_comparison *second = gate_result(1, row->second, 1.1);
        ipm_compare_recheck(first, second, second, gate_result(2, row->twins, 1));
        cr_expect_eq(first->results[0].verdict, row->becomes, "%s: %s", row->what,
                     ipm_verdict_words[first->results[0].verdict]);
        cr_expect_eq(first->gate, row->gate, "%s: %s", row->what,
                     ipm_gate_words[first->gate]);
    }
}

/* A history without the runs that only looked slow would show runs more alike than they are. */
Test(model_gate, suspects_no_longer_what_was_not_worse_again) {
    static const struct {
        double again;
        bool suspect;
    } cases[] = {{1.1, true}, {1.005, false}, {0.99, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ipm_comparison *first = gate_result(0, IPM_VERDICT_UNDECIDED, 1.1);
        cr_assert_eq(ipm_compare_suspect(first), 1);
        struct ipm_comparison *second =
            gate_result(1, IPM_VERDICT_UNDECIDED, cases[i].again);
        ipm_compare_recheck(first, second, second, gate_result(2, IPM_VERDICT_SAME, 1));
        cr_expect_eq(first->results[0].suspect, cases[i].suspect, "%g", cases[i].again);
    }
}

Test(model_gate, suspects_what_is_gated_and_worse) {
    cr_expect_eq(ipm_compare_suspect(gate_result(0, IPM_VERDICT_UNDECIDED, 1.005)), 0);
    cr_expect_eq(ipm_compare_suspect(gate_result(0, IPM_VERDICT_UNDECIDED, 0.8)), 0);
    cr_expect_eq(ipm_compare_suspect(gate_result(0, IPM_VERDICT_IMPROVED, 0.8)), 1);
    cr_expect_eq(ipm_compare_suspect(gate_result(0, IPM_VERDICT_SAME, 1.015)), 0);
    struct ipm_comparison *shown = gate_result(0, IPM_VERDICT_REGRESSED, 1.2);
    shown->results[0].gated = false;
    cr_expect_eq(ipm_compare_suspect(shown), 0);
    ipm_comparison_settle(shown);
    cr_expect_eq(shown->gate, IPM_GATE_UNDECIDED, "nothing is gated");
}

/* One run that was fast by chance would make all later ones slower. */
Test(model_gate, calls_no_time_slower_after_few_runs) {
    struct ipm_comparison *first = gate_result(0, IPM_VERDICT_UNDECIDED, 1.1);
    first->history = true;
    cr_expect_eq(ipm_compare_suspect(first), 0);
    first->results[0].by_runs = true;
    cr_expect_eq(ipm_compare_suspect(first), 1);
    first->results[0].by_runs = false;
    first->results[0].metric = &ipm_metrics[IPM_METRIC_CALLS];
    cr_expect_eq(ipm_compare_suspect(first), 1, "calls do not differ from run to run");
}

/* What was not measured again, because the time was up, is undecided. */
Test(model_gate, knows_nothing_without_a_second_measurement) {
    struct ipm_comparison *first = gate_result(0, IPM_VERDICT_REGRESSED, 1.1);
    cr_assert_eq(ipm_compare_suspect(first), 1);
    ipm_compare_recheck(first, &comparisons[1], &comparisons[1], &comparisons[2]);
    cr_expect_eq(first->results[0].verdict, IPM_VERDICT_UNDECIDED);
    cr_expect_eq(first->results[0].confirmation, IPM_CONFIRMATION_NO);
}

Test(model_gate, gates_cpu_time_and_calls_on_one_cpu) {
    struct ipm_metric_choice choice = {.quiet = true};
    struct ipm_case c = {.config = {.sender_cpu = 1, .receiver_cpu = 1},
                         .primary = IPM_METRIC_ROUND_TRIPS};
    const struct ipm_metric *cpu = &ipm_metrics[IPM_METRIC_RECEIVER_CPU];
    const struct ipm_metric *rate = &ipm_metrics[IPM_METRIC_ROUND_TRIPS];
    cr_expect(ipm_metric_is_gated(&choice, cpu, &c));
    cr_expect(ipm_metric_is_gated(&choice, &ipm_metrics[IPM_METRIC_CALLS], &c));
    cr_expect_not(ipm_metric_is_gated(&choice, rate, &c));
    cr_expect(ipm_metric_is_chosen(&choice, rate, &c), "it is shown");
    c.config.receiver_cpu = 0;
    cr_expect_not(ipm_metric_is_chosen(&choice, cpu, &c));
    choice.chosen[IPM_METRIC_ROUND_TRIPS] = true;
    cr_expect(ipm_metric_is_gated(&choice, rate, &c));
}

Test(model_gate, pools_the_trials_of_many_runs) {
    enum { RUNS = 3 };
    const struct ipm_compare_row row = {.transport = "pipe", .bytes_per_second = 1e9};
    const struct ipm_compare_row skipped = {.transport = "pipe",
                                            .status = IPM_CASE_SKIPPED};
    struct ipm_report lists[2][RUNS];
    struct ipm_report pool;
    for (size_t i = 0; i < RUNS; i++) {
        ipm_compare_sample(&lists[0][i], &row, 1, 1, 1, i);
        ipm_compare_sample(&lists[1][i], i == 1 ? &skipped : &row, 1, 1, 1, i + 9);
    }
    ipm_report_init(&pool);
    cr_assert_eq(ipm_compare_pool(&pool, lists[0], lists[1], RUNS), 0);
    cr_assert_eq(pool.case_count, 1);
    cr_expect_eq(pool.cases[0].trial_count, 2 * RUNS - 1);
    cr_expect_eq(pool.cases[0].trials[2].round, 2);
    cr_expect_eq(pool.cases[0].trials[3].round, 4);
    cr_expect_eq(pool.references.count, 2 * RUNS);
    for (size_t i = 0; i < RUNS; i++) {
        ipm_report_done(&lists[0][i]);
        ipm_report_done(&lists[1][i]);
    }
    ipm_report_done(&pool);
}
