/* test_model_highest.c - which rates hold a target, over made-up cases. */
#include "model/report/highest.h"
#include "model/report/report.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

static struct ipm_report highest_report;
static struct ipm_highest_list highest_list;

static void highest_begin(void) {
    ipm_report_init(&highest_report);
    (void)snprintf(highest_report.settings.target, IPM_NAME_BYTES, "p99");
    highest_report.settings.target_ns = 100;
}

static void highest_end(void) {
    ipm_highest_done(&highest_list);
    ipm_report_done(&highest_report);
}

TestSuite(model_highest, .init = highest_begin, .fini = highest_end);

static void highest_add(uint64_t rate, double p99, uint64_t count, double achieved,
                        double loss) {
    struct ipm_case *c = ipm_report_add_case(&highest_report);
    c->config.rate_per_second = rate;
    c->summary.metrics[IPM_METRIC_LATENCY_P99].median = p99;
    c->summary.metrics[IPM_METRIC_ACHIEVED].median = achieved * (double)rate;
    c->summary.metrics[IPM_METRIC_OFFERED].median = (double)rate;
    c->summary.metrics[IPM_METRIC_LOSS].mean = loss;
    c->summary.latency.count = count;
    cr_assert_not_null(ipm_case_add_trial(c));
}

static const struct ipm_highest *highest_found(void) {
    cr_assert_eq(
        ipm_highest_find(&highest_list, &highest_report, &highest_report.settings), 0);
    cr_assert_eq(highest_list.count, 1);
    return &highest_list.items[0];
}

Test(model_highest, lies_between_what_held_and_what_did_not) {
    highest_add(8000, 101, 1000, 1, 0);
    highest_add(1000, 90, 1000, 1, 0);
    highest_add(4000, 100, 1000, 1, 0);
    highest_add(2000, 300, 1000, 1, 0);
    highest_add(9000, 102, 1000, 1, 0);
    const struct ipm_highest *found = highest_found();
    cr_expect_eq(found->held.rate_per_second, 4000);
    cr_expect_eq(found->held_ns, 100);
    cr_expect_eq(found->missed.rate_per_second, 8000);
    cr_expect_eq(found->missed_ns, 101);
}

Test(model_highest, is_missed_by_what_is_saturated_or_lost) {
    highest_add(1000, 90, 1000, 1, 0.01);
    highest_add(2000, 90, 1000, 1, 0.011);
    highest_add(4000, 90, 1000, 0.94, 0);
    const struct ipm_highest *found = highest_found();
    cr_expect_eq(found->held.rate_per_second, 1000);
    cr_expect_eq(found->missed.rate_per_second, 2000);
}

Test(model_highest, is_not_told_by_too_few_messages) {
    highest_add(1000, 90, 99, 1, 0);
    highest_add(4000, 200, 400, 1, 0);
    const struct ipm_highest *found = highest_found();
    cr_expect_eq(found->held.rate_per_second, 0);
    cr_expect_eq(found->unknown_per_second, 1000);
    cr_expect_eq(found->missed.rate_per_second, 4000);
}

Test(model_highest, is_empty_without_a_target) {
    highest_add(1000, 90, 1000, 1, 0);
    highest_report.settings.target[0] = '\0';
    cr_assert_eq(
        ipm_highest_find(&highest_list, &highest_report, &highest_report.settings), 0);
    cr_expect_eq(highest_list.count, 0);
}
