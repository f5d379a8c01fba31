/* Reports of several machines as one: who is odd. */
#include "model/merge/merge.h"

#include "base/err.h"
#include "tests/support/merge_sample.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <string.h>

static struct ipm_report machines[IPM_MERGE_SAMPLES];
static struct ipm_merge merge;

static void merge_setup(void) {
    ipm_merge_sample_fill(machines);
}

static void merge_teardown(void) {
    ipm_merge_done(&merge);
    for (size_t i = 0; i < IPM_MERGE_SAMPLES; i++)
        ipm_report_done(&machines[i]);
}

TestSuite(model_merge, .init = merge_setup, .fini = merge_teardown);

Test(model_merge, the_slow_machine_is_odd_where_it_is_slow) {
    cr_assert_eq(ipm_merge_sample(&merge, machines, IPM_MERGE_SAMPLES), 0);
    cr_assert_eq(merge.group_count, IPM_MERGE_SAMPLES);
    cr_assert_eq(merge.result_count, 3);
    for (size_t i = 0; i < merge.group_count; i++)
        cr_expect_eq(merge.groups[i].odd_count, i == 3);
    const struct ipm_merge_result *pipe = &merge.results[0];
    cr_expect_eq(pipe->odd_count, 1);
    cr_expect(pipe->values[3].odd);
    cr_expect_float_eq(pipe->values[3].ratio, 0.8 / 1.7, 0.02);
    cr_expect(pipe->limit >= 0.05 && pipe->limit < 0.5);
}

Test(model_merge, what_most_others_do_not_have_is_named) {
    cr_assert_eq(ipm_merge_sample(&merge, machines, IPM_MERGE_SAMPLES), 0);
    cr_assert_eq(merge.groups[3].difference_count, 1);
    cr_expect_str_eq(merge.groups[3].differences[0].what, "governor");
    cr_expect_str_eq(merge.groups[3].differences[0].here, "powersave");
    cr_expect_str_eq(merge.groups[3].differences[0].elsewhere, "performance");
    cr_expect_eq(merge.groups[2].difference_count, 0);
}

Test(model_merge, machines_of_two_kinds_have_no_odd_one) {
    cr_assert_eq(ipm_merge_sample(&merge, machines, IPM_MERGE_SAMPLES), 0);
    cr_expect_eq(merge.results[2].odd_count, 0);
    cr_expect(merge.results[2].mixed && !merge.results[0].mixed);
    cr_expect_eq(merge.results[2].value_count, IPM_MERGE_SAMPLES - 1);
    cr_expect_eq(merge.groups[7].result_count, 2);
}

/* Machine 2 is as slow as machine 3 in its first trials, others took its CPUs meanwhile. */
Test(model_merge, contended_trials_do_not_count) {
    struct ipm_case *pipe = &machines[2].cases[0];
    for (size_t t = 0; t < 8; t++) {
        pipe->trials[t].elapsed_ns *= 2;
        pipe->trials[t].contended = 1;
    }
    cr_assert_eq(ipm_merge_sample(&merge, machines, IPM_MERGE_SAMPLES), 0);
    cr_expect_not(merge.results[0].values[2].odd);
    cr_expect_eq(merge.results[0].values[2].contended, 8);
    cr_expect_eq(merge.results[0].values[2].trials.count, 4);
    cr_expect_eq(merge.results[0].contended_count, 0);
}

Test(model_merge, a_machine_with_contended_trials_only_has_no_value) {
    struct ipm_case *pipe = &machines[2].cases[0];
    for (size_t t = 0; t < pipe->trial_count; t++)
        pipe->trials[t].contended = 1;
    cr_assert_eq(ipm_merge_sample(&merge, machines, IPM_MERGE_SAMPLES), 0);
    cr_expect_eq(merge.results[0].value_count, IPM_MERGE_SAMPLES - 1);
    cr_expect_eq(merge.results[0].contended_count, 1);
    cr_expect(ipm_merge_tells(&merge));
}

Test(model_merge, cases_with_values_of_few_machines_tell_nothing) {
    for (size_t i = 3; i < IPM_MERGE_SAMPLES; i++)
        for (size_t c = 0; c < machines[i].case_count; c++)
            for (size_t t = 0; t < machines[i].cases[c].trial_count; t++)
                machines[i].cases[c].trials[t].contended = 1;
    cr_assert_eq(ipm_merge_sample(&merge, machines, IPM_MERGE_SAMPLES), 0);
    cr_expect_eq(merge.group_count, IPM_MERGE_SAMPLES);
    cr_expect_not(ipm_merge_tells(&merge));
}

Test(model_merge, of_three_machines_none_is_odd) {
    cr_assert_eq(ipm_merge_sample(&merge, &machines[2], 3), 0);
    for (size_t i = 0; i < merge.result_count; i++)
        cr_expect(isnan(merge.results[i].limit) && merge.results[i].odd_count == 0);
}

Test(model_merge, equal_machines_have_an_odd_one_beyond_the_threshold_only) {
    struct ipm_merge_value values[5] = {0};
    struct ipm_merge_result result = {.values = values, .value_count = 5};
    for (size_t i = 0; i < 5; i++)
        values[i].trials.median = i == 0 ? 1.04 : 1;
    cr_assert_eq(ipm_merge_judge(&result, 0.05), 0);
    cr_expect_eq(result.odd_count, 0);
    values[0].trials.median = 1.06;
    cr_assert_eq(ipm_merge_judge(&result, 0.05), 0);
    cr_expect(values[0].odd && result.odd_count == 1);
    cr_expect_float_eq(result.limit, 0.05, 1e-9);
}

Test(model_merge, runs_of_one_value_are_one_group) {
    for (size_t i = 0; i < IPM_MERGE_SAMPLES; i++)
        machines[i].run.labels.items[0].text[1] = (char)('0' + i / 2);
    cr_assert_eq(ipm_merge_sample(&merge, machines, IPM_MERGE_SAMPLES), 0);
    cr_expect_eq(merge.group_count, IPM_MERGE_SAMPLES / 2);
    cr_expect_eq(merge.groups[0].run_count, 2);
    cr_expect_eq(merge.results[0].values[0].trials.count, 24);
}

static void merge_refused(const char *by, const char *words) {
    static const char *const names[] = {"a.json", "b.json"};
    struct ipm_err err = {0};
    merge = (struct ipm_merge){.threshold = 0.05};
    (void)strcpy(merge.by, by);
    cr_expect_eq(ipm_merge_make(&merge, machines, names, 2, &err), -EINVAL);
    cr_expect_str_eq(err.text, words);
    cr_expect_neq(err.hint[0], '\0');
}

Test(model_merge, reports_that_do_not_fit_are_refused_in_words) {
    merge_refused("rack", "'a.json' has no label 'rack'");
    machines[1].settings.duration_ns = 20000000;
    merge_refused("node", "'a.json' and 'b.json' have different settings: duration_ns "
                          "90000000, 20000000");
    machines[1].run.seed = machines[0].run.seed;
    merge_refused("node", "'a.json' and 'b.json' are the same run");
}

Test(model_merge, without_a_label_hostname_it_is_the_host_name) {
    static const char *const names[] = {"a.json", "b.json"};
    merge = (struct ipm_merge){.threshold = 0.05, .by = "hostname"};
    cr_assert_eq(ipm_merge_make(&merge, machines, names, 2, NULL), 0);
    cr_assert_eq(merge.group_count, 1);
    cr_expect_str_eq(merge.groups[0].name, "sample");
}
