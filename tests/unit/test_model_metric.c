/* test_model_metric.c - the table of metrics, and the shift between two lists. */
#include "model/compare/judge.h"
#include "model/compare/rank.h"
#include "model/metric.h"
#include "model/report/report.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

TestSuite(model_metric);

/* --- the table ---------------------------------------------------------------------- */

/* The end of the key that a unit asks for: "_bytes_per_second" of "bytes/s". */
static void metric_suffix(char suffix[64], const char *unit) {
    const char *slash = strchr(unit, '/');
    const char *whole = !slash ? "" : strcmp(slash, "/s") == 0 ? "second" : slash + 1;
    (void)snprintf(suffix, 64, "_%.*s%s%s", slash ? (int)(slash - unit) : 40, unit,
                   slash ? "_per_" : "", whole);
    for (char *at = suffix; (at = strchr(at, ' ')) != NULL;)
        *at = '_';
}

static enum ipm_metric_scaling metric_scaling(const char *unit) {
    const char *slash = strchr(unit, '/');
    if (slash && strcmp(slash, "/s") == 0)
        return IPM_METRIC_RATE;
    return strncmp(unit, "ns", 2) == 0 ? IPM_METRIC_TIME : IPM_METRIC_COUNT;
}

Test(model_metric, has_every_member_that_a_row_must_have) {
    for (size_t m = 0; m < IPM_METRICS; m++) {
        const struct ipm_metric *metric = &ipm_metrics[m];
        cr_assert_not_null(metric->key, "%zu", m);
        cr_assert(metric->doc && metric->doc[0], "%s", metric->key);
        cr_expect_neq(metric->doc[strlen(metric->doc) - 1], '.', "%s", metric->key);
        cr_expect_lt(strlen(metric->key), 65, "%s", metric->key);
        cr_expect_eq((metric->of != NULL) + (metric->quantile > 0) + metric->counted +
                         (metric->share_offset > 0),
                     1, "%s", metric->key);
        cr_expect(!metric->name || metric->least > 0, "%s", metric->key);
        cr_expect(!metric->name || !metric->relative, "%s", metric->key);
    }
}

/* The suffix begins with '_', or is the whole key: "messages_per_second". */
Test(model_metric, says_the_same_unit_in_key_unit_and_scaling) {
    for (size_t m = 0; m < IPM_METRICS; m++) {
        const char *key = ipm_metrics[m].key;
        char suffix[64];
        metric_suffix(suffix, ipm_metrics[m].unit);
        const char *end = key + strlen(key);
        const char *found = strstr(key, suffix);
        cr_expect((found && found + strlen(suffix) == end) ||
                      strcmp(key, suffix + 1) == 0,
                  "%s %s", key, suffix);
        cr_expect_eq(ipm_metrics[m].scaling, metric_scaling(ipm_metrics[m].unit), "%s",
                     key);
    }
}

Test(model_metric, has_each_key_and_each_name_once) {
    for (size_t m = 0; m < IPM_METRICS; m++) {
        for (size_t k = 0; k < m; k++) {
            cr_expect_str_neq(ipm_metrics[k].key, ipm_metrics[m].key);
            if (ipm_metrics[k].name && ipm_metrics[m].name)
                cr_expect_str_neq(ipm_metrics[k].name, ipm_metrics[m].name);
        }
    }
}

/* --- one trial ---------------------------------------------------------------------- */

static const struct ipm_sample metric_trial = {
    .elapsed_ns = 1000000000,
    .setup_ns = 5000,
    .sent = {.messages = 1000, .bytes = 100000, .calls = 1500},
    .received = {.messages = 800, .bytes = 80000, .calls = 500},
    .damage = {.lost_messages = 200},
    .usage = {{.user_ns = 1000, .system_ns = 9000, .voluntary_switches = 40},
              {.user_ns = 4000, .system_ns = 4000, .voluntary_switches = 60}},
};

static double metric_value(const char *name, const struct ipm_sample *trial) {
    const struct ipm_references none = {0};
    struct ipm_sample copy = *trial;
    const struct ipm_case c = {.trial_count = 1, .trials = &copy};
    const struct ipm_metric_scope scope = {
        .references = &none, .subject = &c, .trial = &copy};
    const struct ipm_metric *metric = ipm_metric_find(name);
    cr_assert_not_null(metric, "%s", name);
    return ipm_metric_compared_value(metric, &scope);
}

Test(model_metric, is_made_of_one_trial) {
    cr_expect_float_eq(metric_value("throughput", &metric_trial), 80000, 1e-9);
    cr_expect_float_eq(metric_value("messages", &metric_trial), 800, 1e-9);
    cr_expect_float_eq(metric_value("sender-cpu", &metric_trial), 10, 1e-9);
    cr_expect_float_eq(metric_value("receiver-cpu", &metric_trial), 10, 1e-9);
    cr_expect_float_eq(metric_value("cpu-per-byte", &metric_trial), 18000. / 80000, 1e-9);
    cr_expect_float_eq(metric_value("calls", &metric_trial), 2, 1e-9);
    cr_expect_float_eq(metric_value("switches", &metric_trial), 0.1, 1e-9);
    cr_expect_float_eq(metric_value("setup", &metric_trial), 5000, 1e-9);
    cr_expect_float_eq(metric_value("loss", &metric_trial), 0.2, 1e-9);
}

Test(model_metric, is_not_known_where_nothing_was_timed) {
    cr_expect(isnan(metric_value("latency-p50", &metric_trial)));
    cr_expect(isnan(metric_value("latency-p99", &metric_trial)));
    cr_expect(isnan(metric_value("round-trips", &metric_trial)));
}

Test(model_metric, takes_latencies_from_the_trial) {
    struct ipm_bucket buckets[] = {{.count = 98, .index = 50}, {.count = 2, .index = 90}};
    struct ipm_sample trial = metric_trial;
    trial.latency = (struct ipm_latency){.count = 100,
                                         .min_ns = 50,
                                         .max_ns = 90,
                                         .sum_ns = 5080,
                                         .bucket_count = 2,
                                         .buckets = buckets};
    cr_expect_float_eq(metric_value("latency-p50", &trial), 50, 1e-9);
    cr_expect_float_eq(metric_value("latency-p99", &trial), 90, 1e-9);
    cr_expect_float_eq(metric_value("round-trips", &trial), 100, 1e-9);
}

Test(model_metric, has_a_least_value_since_zero_has_no_logarithm) {
    struct ipm_sample trial = metric_trial;
    trial.damage.lost_messages = 0;
    memset(trial.usage, 0, sizeof trial.usage);
    cr_expect_float_eq(metric_value("loss", &trial), 0.01, 1e-12);
    cr_expect_float_eq(metric_value("switches", &trial), 0.01, 1e-12);
}

Test(model_metric, knows_which_way_is_better) {
    cr_expect(ipm_metric_find("throughput")->more_is_better);
    cr_expect_not(ipm_metric_find("latency-p99")->more_is_better);
    cr_expect_not(ipm_metric_find("loss")->more_is_better);
    cr_expect_null(ipm_metric_find("thoroughput"));
}

Test(model_metric, is_chosen_by_name_or_as_the_primary_one) {
    struct ipm_case c = {0};
    struct ipm_metric_choice choice = {.primary = true};
    const struct ipm_metric *throughput = ipm_metric_find("throughput");
    cr_expect_eq(ipm_metric_primary(&c), throughput);
    cr_expect(ipm_metric_is_chosen(&choice, throughput, &c));
    c.primary = IPM_METRIC_ROUND_TRIPS;
    cr_expect_str_eq(ipm_metric_primary(&c)->name, "round-trips");
    cr_expect_not(ipm_metric_is_chosen(&choice, throughput, &c));
    choice.chosen[throughput - ipm_metrics] = true;
    cr_expect(ipm_metric_is_chosen(&choice, throughput, &c));
    c.primary = IPM_METRIC_FAIRNESS; /* which has no name to compare it by */
    cr_expect_not(ipm_metric_is_chosen(&choice, ipm_metric_primary(&c), &c));
}

/* --- shares of CPU time --------------------------------------------------------------- */

/* Two trials in which the sender spent 1 and 3 of 4 and 12 ns outside the kernel. */
static struct ipm_sample share_trials[2];

static struct ipm_case share_case(void) {
    memset(share_trials, 0, sizeof share_trials);
    share_trials[0].usage[IPM_SENDER] = (struct ipm_usage){.user_ns = 1, .system_ns = 3};
    share_trials[1].usage[IPM_SENDER] = (struct ipm_usage){.user_ns = 3, .system_ns = 9};
    return (struct ipm_case){.trial_count = 2, .trials = share_trials};
}

Test(model_metric, user_ratio_is_of_all_trials_together) {
    const struct ipm_case c = share_case();
    cr_expect_float_eq(ipm_metric_user_ratio(&c, IPM_SENDER), 0.25, 1e-12);
    share_trials[1].usage[IPM_SENDER].user_ns = 0;
    cr_expect_float_eq(ipm_metric_user_ratio(&c, IPM_SENDER), 1.0 / 13, 1e-12);
}

Test(model_metric, user_ratio_leaves_out_a_trial_that_does_not_know) {
    const struct ipm_case c = share_case();
    share_trials[1].usage[IPM_SENDER] =
        (struct ipm_usage){.user_ns = 1000, .system_ns = -1};
    cr_expect_float_eq(ipm_metric_user_ratio(&c, IPM_SENDER), 0.25, 1e-12);
    share_trials[0].usage[IPM_SENDER].user_ns = -1;
    cr_expect(isnan(ipm_metric_user_ratio(&c, IPM_SENDER)));
}

Test(model_metric, user_ratio_is_unknown_when_no_time_was_used) {
    const struct ipm_case c = share_case();
    cr_expect(isnan(ipm_metric_user_ratio(&c, IPM_RECEIVER)));
}

static struct ipm_rank_cache ranks;

static void shift_end(void) {
    ipm_rank_cache_done(&ranks);
}

TestSuite(model_shift, .fini = shift_end);

/* Tables of the Mann-Whitney test, two-sided 5 %: one more than their critical U. */
Test(model_shift, leaves_out_as_many_as_the_tables_say) {
    static const size_t known[][3] = {{3, 3, 0},    {4, 4, 1},    {5, 5, 3},
                                      {8, 10, 18},  {10, 8, 18},  {10, 10, 24},
                                      {15, 15, 65}, {20, 20, 128}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const size_t got = ipm_rank_sum_outside(&ranks, known[i][0], known[i][1], 0.95);
        cr_expect_eq(got, known[i][2], "%zu %zu: %zu", known[i][0], known[i][1], got);
    }
    cr_expect_eq(ipm_rank_sum_outside(&ranks, 0, 5, 0.95), 0);
    cr_expect_eq(ipm_rank_sum_outside(&ranks, 100, 100, 0.95), 0);
}

/* All differences of {1..5} and {11, 13, .. 19}: their median is 12, the third from below 8,
 * from above 16. */
Test(model_shift, is_the_median_of_all_differences) {
    const double a[] = {5, 3, 1, 2, 4};
    const double b[] = {19, 13, 15, 17, 11};
    struct ipm_shift shift;
    cr_assert_eq(ipm_shift_of(&shift, &ranks, a, 5, b, 5), 0);
    cr_expect_float_eq(shift.median, 12, 1e-12);
    cr_expect_float_eq(shift.low, 8, 1e-12, "%g", shift.low);
    cr_expect_float_eq(shift.high, 16, 1e-12, "%g", shift.high);
    cr_expect_float_eq(shift.p_up, 1. / 252, 1e-12);
    cr_expect_float_eq(shift.p_down, 1, 1e-12);
}

Test(model_shift, of_short_lists_has_no_interval_and_of_none_nothing) {
    const double a[] = {1, 2, 3};
    struct ipm_shift shift;
    cr_assert_eq(ipm_shift_of(&shift, &ranks, a, 3, a, 3), 0);
    cr_expect_float_eq(shift.median, 0, 1e-12);
    cr_expect(isnan(shift.low) && isnan(shift.high));
    cr_assert_eq(ipm_shift_of(&shift, &ranks, a, 3, a, 0), 0);
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
    cr_assert_eq(ipm_shift_of(&shift, &ranks, a, 1000, b, 1000), 0);
    cr_expect(shift.low < 10 && shift.high > 90, "%g %g", shift.low, shift.high);
    cr_expect(shift.p_up < 0.05);
}

/* As many views of a comparison have: the test and the interval share the distribution, which
 * depends on the counts only. */
Test(model_shift, makes_the_distribution_of_two_counts_once) {
    double a[100];
    double b[100];
    struct ipm_shift shift;
    for (int view = 0; view < 50; view++) {
        for (int i = 0; i < 100; i++) {
            a[i] = sin(view + i);
            b[i] = cos(view + 2 * i);
        }
        cr_assert_eq(ipm_shift_of(&shift, &ranks, a, 100, b, 51u + (size_t)view), 0);
        cr_assert(shift.low < shift.median && shift.median < shift.high);
    }
    cr_expect_eq(ranks.added, 1, "%zu", ranks.added);
}

/* A report that is compared with itself: all values are tied, in pairs. */
Test(model_shift, makes_the_distribution_of_equal_ties_once) {
    double a[50];
    struct ipm_shift shift;
    for (int view = 0; view < 50; view++) {
        for (int i = 0; i < 50; i++)
            a[i] = sin(view + i);
        cr_assert_eq(ipm_shift_of(&shift, &ranks, a, 50, a, 50), 0);
        cr_assert(shift.p_up > 0.5 && fabs(shift.p_up - shift.p_down) < 1e-9);
    }
    cr_expect_eq(ranks.added, 2, "%zu", ranks.added); /* the interval is of no ties */
}

/* Each length has its own distributions: more than are kept. */
Test(model_shift, makes_a_distribution_again_that_had_no_room) {
    double a[IPM_RANK_CACHED];
    for (int i = 0; i < IPM_RANK_CACHED; i++)
        a[i] = i % 7;
    for (int turn = 0; turn < 2; turn++) {
        for (size_t count = 1; count < IPM_RANK_CACHED; count++) {
            struct ipm_rank_cache fresh = {0};
            const struct ipm_rank_test again = ipm_rank_sum(&ranks, a, count, a + 3, 4);
            const struct ipm_rank_test first = ipm_rank_sum(&fresh, a, count, a + 3, 4);
            cr_assert(again.less > 0 && fabs(again.less - first.less) < 1e-12);
            cr_assert(again.greater > 0 && fabs(again.greater - first.greater) < 1e-12);
            ipm_rank_sum_outside(&ranks, count, 5, 0.95);
            ipm_rank_cache_done(&fresh);
        }
    }
    cr_expect_gt(ranks.added, IPM_RANK_CACHED);
}

/* The window of a receiver that polls begins before the first message is sent. */
Test(model_metric, no_more_cpus_are_busy_than_the_ends_are_pinned_to) {
    static const struct {
        int64_t sender_cpu, receiver_cpu;
        double busy;
    } rows[] = {{-1, -1, 5.5}, {1, 1, 1}, {0, 1, 1.5}};
    struct ipm_sample trial = {.elapsed_ns = 1000};
    trial.usage[IPM_SENDER].user_ns = 500;
    trial.usage[IPM_RECEIVER].user_ns = 5000;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct ipm_case c = {.config = {.sender_cpu = rows[i].sender_cpu,
                                              .receiver_cpu = rows[i].receiver_cpu}};
        const struct ipm_metric_scope scope = {.subject = &c, .trial = &trial};
        cr_expect_float_eq(
            ipm_metric_of_trial(&ipm_metrics[IPM_METRIC_CPUS_BUSY], &scope), rows[i].busy,
            1e-9, "%zu", i);
    }
    trial.usage[IPM_SENDER].user_ns = -1;
    const struct ipm_case c = {.config = {.sender_cpu = 0, .receiver_cpu = 0}};
    const struct ipm_metric_scope scope = {.subject = &c, .trial = &trial};
    cr_expect(isnan(ipm_metric_of_trial(&ipm_metrics[IPM_METRIC_CPUS_BUSY], &scope)));
}
