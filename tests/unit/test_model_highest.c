/* test_model_highest.c - which rates hold a target, over made-up cases. */
#include "model/metric.h"
#include "model/report/highest.h"
#include "model/report/report.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

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

/* A second of messages, of which `risen` tenths have latencies that rise to last_ns. */
static struct ipm_sample *highest_add_rising(struct ipm_case *c, double first_ns,
                                             double last_ns, uint64_t count,
                                             uint64_t risen) {
    static struct ipm_histogram histogram;
    struct ipm_sample *trial = ipm_case_add_trial(c);
    cr_assert_not_null(trial);
    histogram = (struct ipm_histogram){0};
    for (uint64_t i = 1; i <= count; i++) {
        const double begin = (double)count * (double)(10 - risen) / 10;
        const double part = ((double)i - begin) / ((double)count - begin);
        ipm_histogram_record(
            &histogram,
            (uint64_t)(first_ns + (part > 0 ? part * (last_ns - first_ns) : 0)));
    }
    cr_assert_eq(ipm_latency_take(&trial->latency, &histogram), 0);
    trial->scheduled_messages = count;
    trial->scheduled_ns = 1000000000;
    trial->elapsed_ns = trial->scheduled_ns + (uint64_t)last_ns;
    return trial;
}

static void highest_add_trial(struct ipm_case *c, double first_ns, double last_ns,
                              uint64_t count) {
    (void)highest_add_rising(c, first_ns, last_ns, count, 10);
}

static void highest_add(uint64_t rate, double p99, uint64_t count, double achieved,
                        double loss) {
    struct ipm_case *c = ipm_report_add_case(&highest_report);
    c->config.rate_per_second = rate;
    c->summary = calloc(1, sizeof *c->summary);
    c->summary->metrics[IPM_METRIC_LOSS].mean = loss;
    highest_add_trial(c, p99, p99, count);
    c->trials[0].scheduled_messages = (uint64_t)((double)count / achieved);
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

static struct ipm_case *highest_add_rate(uint64_t rate) {
    struct ipm_case *c = ipm_report_add_case(&highest_report);
    c->config.rate_per_second = rate;
    return c;
}

Test(model_highest, is_saturated_by_a_backlog_that_grows_and_not_by_a_stall) {
    static const struct {
        double first_ns;
        double last_ns;
        uint64_t risen;
        enum ipm_load load;
    } rows[] = {
        {1000, 1000, 10, IPM_LOAD_KEPT},
        {1000, 500000000, 10, IPM_LOAD_SATURATED},    /* a backlog from the beginning */
        {1000, 60000000, 10, IPM_LOAD_SATURATED},     /* as little as 6 % */
        {1000, 20000000, 10, IPM_LOAD_SATURATED},     /* 2 %, but it grew to the end */
        {1000, 5000000, 10, IPM_LOAD_KEPT},           /* 0.5 % */
        {10000000, 20000000, 10, IPM_LOAD_KEPT},      /* each message takes some time */
        {1000, 20000000, 3, IPM_LOAD_KEPT},           /* a stall of 20 ms at the end */
        {20000000, 1000, 10, IPM_LOAD_KEPT},          /* a backlog that is caught up */
        {1000, 500000000, 3, IPM_LOAD_STALLED},       /* a stall of half a second */
        {500000000, 1000, 5, IPM_LOAD_KEPT},          /* and at the beginning */
        {500000000, 500000000, 10, IPM_LOAD_STALLED}, /* each message takes so long */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ipm_case *c = highest_add_rate(1000);
        (void)highest_add_rising(c, rows[i].first_ns, rows[i].last_ns, 1000,
                                 rows[i].risen);
        cr_expect_eq(ipm_metric_load(c), rows[i].load, "%zu", i);
    }
}

/* The last message is late by chance: others were later. */
Test(model_highest, is_not_saturated_by_what_is_late_all_the_time) {
    struct ipm_case *c = highest_add_rate(1000);
    struct ipm_sample *trial = highest_add_rising(c, 1000, 40000000, 1000, 10);
    trial->elapsed_ns = trial->scheduled_ns + 20000000;
    cr_expect_not(ipm_metric_is_saturated(c));
}

Test(model_highest, is_not_saturated_by_a_few_messages) {
    struct ipm_case *c = highest_add_rate(10);
    (void)highest_add_rising(c, 1000, 20000000, 10, 10);
    cr_expect_not(ipm_metric_is_saturated(c));
}

Test(model_highest, is_not_missed_by_trials_with_contention) {
    struct ipm_case *c = highest_add_rate(1000);
    highest_add_trial(c, 10, 10, 1000);
    for (int i = 0; i < 3; i++)
        highest_add_rising(c, 10, 900000000, 1000, 10)->contended = 1;
    cr_expect_not(ipm_metric_is_saturated(c));
    c = highest_add_rate(2000); /* nothing else is known */
    highest_add_rising(c, 10, 900000000, 1000, 10)->contended = 1;
    cr_expect(ipm_metric_is_saturated(c));
    const struct ipm_highest *found = highest_found();
    cr_expect_eq(found->held.rate_per_second, 1000);
    cr_expect_eq(found->held_ns, 10);
    cr_expect(found->held_uncontended);
    cr_expect_eq(found->missed.rate_per_second, 0);
    cr_expect_eq(found->unknown_per_second, 2000);
}

Test(model_highest, is_held_by_trials_with_contention) {
    struct ipm_case *c = highest_add_rate(1000);
    highest_add_rising(c, 10, 10, 1000, 10)->contended = 1;
    cr_expect_eq(highest_found()->held.rate_per_second, 1000);
}
