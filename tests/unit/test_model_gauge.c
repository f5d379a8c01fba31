/* test_model_gauge.c - the figures that are compared, and the shift between two lists. */
#include "model/compare/rank.h"
#include "model/compare/shift.h"
#include "model/gauge.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

TestSuite(model_gauge);

static const struct ipm_sample gauge_trial = {
    .elapsed_ns = 1000000000,
    .setup_ns = 5000,
    .sent = {.messages = 1000, .bytes = 100000, .calls = 1500},
    .received = {.messages = 800, .bytes = 80000, .calls = 500},
    .damage = {.lost_messages = 200},
    .usage = {{.user_ns = 1000, .system_ns = 9000, .voluntary_switches = 40},
              {.user_ns = 4000, .system_ns = 4000, .voluntary_switches = 60}},
};

static double gauge_value(const char *name, const struct ipm_sample *trial) {
    const struct ipm_references none = {0};
    struct ipm_sample copy = *trial;
    const struct ipm_case c = {.trial_count = 1, .trials = &copy};
    const struct ipm_gauge *gauge = ipm_gauge_find(name);
    cr_assert_not_null(gauge, "%s", name);
    return ipm_gauge_of_trial(gauge, &none, &c, 0);
}

Test(model_gauge, is_made_of_one_trial) {
    cr_expect_float_eq(gauge_value("throughput", &gauge_trial), 80000, 1e-9);
    cr_expect_float_eq(gauge_value("messages", &gauge_trial), 800, 1e-9);
    cr_expect_float_eq(gauge_value("sender-cpu", &gauge_trial), 10, 1e-9);
    cr_expect_float_eq(gauge_value("receiver-cpu", &gauge_trial), 10, 1e-9);
    cr_expect_float_eq(gauge_value("cpu-per-byte", &gauge_trial), 18000. / 80000, 1e-9);
    cr_expect_float_eq(gauge_value("calls", &gauge_trial), 2, 1e-9);
    cr_expect_float_eq(gauge_value("switches", &gauge_trial), 0.1, 1e-9);
    cr_expect_float_eq(gauge_value("setup", &gauge_trial), 5000, 1e-9);
    cr_expect_float_eq(gauge_value("loss", &gauge_trial), 0.2, 1e-9);
}

Test(model_gauge, is_not_known_where_nothing_was_timed) {
    cr_expect(isnan(gauge_value("latency-p50", &gauge_trial)));
    cr_expect(isnan(gauge_value("latency-p99", &gauge_trial)));
    cr_expect(isnan(gauge_value("round-trips", &gauge_trial)));
}

Test(model_gauge, takes_latencies_from_the_trial) {
    struct ipm_bucket buckets[] = {{.count = 98, .index = 50}, {.count = 2, .index = 90}};
    struct ipm_sample trial = gauge_trial;
    trial.latency = (struct ipm_latency){.count = 100,
                                         .min_ns = 50,
                                         .max_ns = 90,
                                         .sum_ns = 5080,
                                         .bucket_count = 2,
                                         .buckets = buckets};
    cr_expect_float_eq(gauge_value("latency-p50", &trial), 50, 1e-9);
    cr_expect_float_eq(gauge_value("latency-p99", &trial), 90, 1e-9);
    cr_expect_float_eq(gauge_value("round-trips", &trial), 100, 1e-9);
}

Test(model_gauge, has_a_least_value_since_zero_has_no_logarithm) {
    struct ipm_sample trial = gauge_trial;
    trial.damage.lost_messages = 0;
    memset(trial.usage, 0, sizeof trial.usage);
    cr_expect_float_eq(gauge_value("loss", &trial), 0.01, 1e-12);
    cr_expect_float_eq(gauge_value("switches", &trial), 0.01, 1e-12);
    for (const struct ipm_gauge *gauge = ipm_gauges; gauge->name; gauge++)
        cr_expect(gauge->least > 0, "%s", gauge->name);
}

Test(model_gauge, knows_which_way_is_better) {
    cr_expect(ipm_gauge_find("throughput")->more_is_better);
    cr_expect_not(ipm_gauge_find("latency-p99")->more_is_better);
    cr_expect_not(ipm_gauge_find("loss")->more_is_better);
    cr_expect_null(ipm_gauge_find("thoroughput"));
}

Test(model_gauge, leads_a_case_by_what_it_counts) {
    struct ipm_case c = {0};
    struct ipm_gauge_choice choice = {.lead = true};
    const struct ipm_gauge *throughput = ipm_gauge_find("throughput");
    cr_expect_eq(ipm_gauge_lead(&c), throughput);
    cr_expect(ipm_gauge_is_chosen(&choice, throughput, &c));
    c.summary.round_trips_per_second.count = 3;
    cr_expect_str_eq(ipm_gauge_lead(&c)->name, "round-trips");
    cr_expect_not(ipm_gauge_is_chosen(&choice, throughput, &c));
    choice.chosen[throughput - ipm_gauges] = true;
    cr_expect(ipm_gauge_is_chosen(&choice, throughput, &c));
    c.summary.connections_per_second.count = 3;
    cr_expect_str_eq(ipm_gauge_lead(&c)->name, "connections");
}

TestSuite(model_shift);

/* Tables of the Mann-Whitney test, two-sided 5 %: one more than their critical U. */
Test(model_shift, leaves_out_as_many_as_the_tables_say) {
    static const size_t known[][3] = {{3, 3, 0},    {4, 4, 1},    {5, 5, 3},
                                      {8, 10, 18},  {10, 8, 18},  {10, 10, 24},
                                      {15, 15, 65}, {20, 20, 128}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const size_t got = ipm_rank_sum_outside(known[i][0], known[i][1], 0.95);
        cr_expect_eq(got, known[i][2], "%zu %zu: %zu", known[i][0], known[i][1], got);
    }
    cr_expect_eq(ipm_rank_sum_outside(0, 5, 0.95), 0);
    cr_expect_eq(ipm_rank_sum_outside(100, 100, 0.95), 0);
}

/* All differences of {1..5} and {11, 13, .. 19}: their median is 12, the third from below 8,
 * from above 16. */
Test(model_shift, is_the_median_of_all_differences) {
    const double a[] = {5, 3, 1, 2, 4};
    const double b[] = {19, 13, 15, 17, 11};
    struct ipm_shift shift;
    cr_assert_eq(ipm_shift_of(&shift, a, 5, b, 5), 0);
    cr_expect_float_eq(shift.median, 12, 1e-12);
    cr_expect_float_eq(shift.low, 8, 1e-12, "%g", shift.low);
    cr_expect_float_eq(shift.high, 16, 1e-12, "%g", shift.high);
    cr_expect_float_eq(shift.p_up, 1. / 252, 1e-12);
    cr_expect_float_eq(shift.p_down, 1, 1e-12);
}

Test(model_shift, of_short_lists_has_no_interval_and_of_none_nothing) {
    const double a[] = {1, 2, 3};
    struct ipm_shift shift;
    cr_assert_eq(ipm_shift_of(&shift, a, 3, a, 3), 0);
    cr_expect_float_eq(shift.median, 0, 1e-12);
    cr_expect(isnan(shift.low) && isnan(shift.high));
    cr_assert_eq(ipm_shift_of(&shift, a, 3, a, 0), 0);
    cr_expect(isnan(shift.median) && isnan(shift.p_up));
}

Test(model_shift, of_long_lists_takes_all_of_their_time) {
    double a[1000];
    double b[1000];
    struct ipm_shift shift;
    for (int i = 0; i < 1000; i++) {
        a[i] = i % 7;
        b[i] = i < 500 ? i % 7 : 100 + i % 7;
    }
    cr_assert_eq(ipm_shift_of(&shift, a, 1000, b, 1000), 0);
    cr_expect(shift.low < 10 && shift.high > 90, "%g %g", shift.low, shift.high);
    cr_expect(shift.p_up < 0.05);
}
