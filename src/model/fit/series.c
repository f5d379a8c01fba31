/* series.c - arranges cases into series and groups, and makes the model of a series. */
#include "model/fit/series.h"

#include "model/report/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- the arrangement -------------------------------------------------------------------- */

static bool series_is_size(const struct ipm_setting *setting) {
    return setting->offset == offsetof(struct ipm_case_config, message_bytes);
}

/* The settings of a group, and those by which its series differ. */
static const unsigned SERIES_GROUP =
    IPM_SETTING_CONDITION | IPM_SETTING_AXIS | IPM_SETTING_TITLE;
static const unsigned SERIES_LABEL = IPM_SETTING_LABEL;

static int series_compare(const struct ipm_case *a, const struct ipm_case *b,
                          unsigned flags) {
    int order = 0;
    for (size_t i = 0; i < IPM_SETTINGS && order == 0; i++)
        if ((ipm_settings[i].flags & flags) != 0 && !series_is_size(&ipm_settings[i]))
            order = ipm_setting_compare(&ipm_settings[i], &a->config, &b->config);
    return order;
}

/* Cases that are alike keep their order in the report. */
static int series_order(const void *left, const void *right) {
    const struct ipm_case *a = *(const struct ipm_case *const *)left;
    const struct ipm_case *b = *(const struct ipm_case *const *)right;
    const uint64_t a_bytes = a->config.message_bytes;
    const uint64_t b_bytes = b->config.message_bytes;
    int order = series_compare(a, b, SERIES_GROUP);
    if (order == 0)
        order = series_compare(a, b, SERIES_LABEL);
    if (order == 0)
        order = (a_bytes > b_bytes) - (a_bytes < b_bytes);
    return order != 0 ? order : (a > b) - (a < b);
}

static void series_arrange(struct ipm_series_list *list) {
    const struct ipm_case *last = NULL;
    for (size_t i = 0; i < list->case_count; i++) {
        const struct ipm_case *c = list->cases[i];
        const bool fresh = last == NULL || series_compare(last, c, SERIES_GROUP) != 0;
        if (fresh || series_compare(last, c, SERIES_LABEL) != 0)
            list->items[list->count++] = (struct ipm_series){
                .cases = &list->cases[i], .group = list->group_count - !fresh};
        list->group_count += fresh;
        list->items[list->count - 1].count++;
        last = c;
    }
}

int ipm_series_make(struct ipm_series_list *ret_list, const struct ipm_report *report,
                    bool (*wants)(const void *context, const struct ipm_case *c),
                    const void *context) {
    struct ipm_series_list list = {
        .cases = calloc(report->case_count + 1, sizeof(void *)),
        .items = calloc(report->case_count + 1, sizeof *list.items)};
    const bool failed = list.cases == NULL || list.items == NULL;
    for (size_t i = 0; i < report->case_count && !failed; i++)
        if (wants == NULL || wants(context, &report->cases[i]))
            list.cases[list.case_count++] = &report->cases[i];
    if (list.case_count > 0)
        qsort(list.cases, list.case_count, sizeof(void *), series_order);
    series_arrange(&list);
    *ret_list = list;
    return failed ? -ENOMEM : 0;
}

void ipm_series_done(struct ipm_series_list *list) {
    free(list->cases);
    free(list->items);
    *list = (struct ipm_series_list){0};
}

/* --- values ----------------------------------------------------------------------------- */

bool ipm_series_has(const struct ipm_case *c) {
    return c->status == IPM_CASE_OK && c->trial_count > 0 &&
           (c->integrity.status != IPM_INTEGRITY_UNKNOWN ||
            c->primary == IPM_METRIC_CONNECTIONS);
}

static double series_trial(const struct ipm_report *report, const struct ipm_case *c,
                           const struct ipm_metric *metric, size_t trial) {
    const struct ipm_metric_scope scope = {
        .references = &report->references, .subject = c, .trial = &c->trials[trial]};
    return ipm_metric_of_trial(metric, &scope);
}

struct ipm_statistic ipm_series_statistic(const struct ipm_report *report,
                                          const struct ipm_case *c,
                                          const struct ipm_metric *metric,
                                          double *scratch) {
    for (size_t i = 0; i < c->trial_count; i++)
        scratch[i] = series_trial(report, c, metric, i);
    return ipm_stats_of(scratch, c->trial_count);
}

/* Returns what divides or is divided by a metric to give the time of a message; NaN: the
 * metric has no such time. */
static double series_factor(const struct ipm_metric *metric, uint64_t bytes) {
    if (metric->scaling == IPM_METRIC_RATE)
        return ipm_metric_is_byte_rate(metric) ? 1e9 * (double)bytes : 1e9;
    if (metric->scaling != IPM_METRIC_TIME)
        return NAN;
    return metric == &ipm_metrics[IPM_METRIC_CPU_PER_BYTE] ? (double)bytes : 1;
}

static double series_time(const struct ipm_metric *metric, double value, uint64_t bytes) {
    const double factor = series_factor(metric, bytes);
    return metric->scaling == IPM_METRIC_RATE ? factor / value : factor * value;
}

static double series_value(const struct ipm_metric *metric, double time_ns,
                           uint64_t bytes) {
    const double factor = series_factor(metric, bytes);
    return metric->scaling == IPM_METRIC_RATE ? factor / time_ns : time_ns / factor;
}

/* Rounds are those of the report, of which a case may lack some. */
static void series_fill(double *times, const struct ipm_report *report,
                        const struct ipm_case *c, const struct ipm_metric *metric,
                        size_t round_count) {
    const uint64_t bytes = c->config.message_bytes;
    for (size_t i = 0; i < round_count; i++)
        times[i] = NAN;
    for (size_t i = 0; i < c->trial_count; i++)
        if (c->trials[i].round < round_count)
            times[c->trials[i].round] =
                series_time(metric, series_trial(report, c, metric, i), bytes);
}

static size_t series_rounds(const struct ipm_series *series) {
    uint64_t most = 0;
    for (size_t i = 0; i < series->count; i++)
        for (size_t k = 0; k < series->cases[i]->trial_count; k++)
            if (series->cases[i]->trials[k].round >= most)
                most = series->cases[i]->trials[k].round + 1;
    return (size_t)(most <= IPM_ROUNDS_MOST ? most : IPM_ROUNDS_MOST);
}

int ipm_series_fit(struct ipm_fit *ret_fit, const struct ipm_report *report,
                   const struct ipm_series *series, const struct ipm_metric *metric) {
    const size_t rounds = series_rounds(series);
    const size_t most = series->count < IPM_LIST_MOST ? series->count : IPM_LIST_MOST;
    uint64_t *sizes = calloc(most + 1, sizeof *sizes);
    double *times = calloc(most * rounds + 1, sizeof *times);
    struct ipm_fit_data data = {.sizes = sizes, .round_count = rounds, .times = times};
    int failed = sizes == NULL || times == NULL ? -ENOMEM : 0;
    for (size_t i = 0; i < most && !failed; i++) {
        if (!ipm_series_has(series->cases[i]))
            continue;
        sizes[data.size_count] = series->cases[i]->config.message_bytes;
        series_fill(times + data.size_count++ * rounds, report, series->cases[i], metric,
                    rounds);
    }
    if (!failed)
        failed = ipm_fit_of(ret_fit, &data);
    free(sizes);
    free(times);
    return failed;
}

bool ipm_series_at(const struct ipm_fit *fit, const struct ipm_metric *metric,
                   uint64_t bytes, struct ipm_estimate *ret_value) {
    struct ipm_estimate time_ns;
    if (!ipm_fit_at(fit, bytes, &time_ns))
        return false;
    const double low = series_value(metric, time_ns.low, bytes);
    const double high = series_value(metric, time_ns.high, bytes);
    *ret_value =
        (struct ipm_estimate){.value = series_value(metric, time_ns.value, bytes),
                              .low = fmin(low, high),
                              .high = fmax(low, high)};
    return true;
}
