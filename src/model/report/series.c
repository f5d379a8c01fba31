/* series.c - arranges cases into series and groups. */
#include "model/report/series.h"

#include "model/report/stats.h"

#include <errno.h>
#include <stdlib.h>

static bool series_is_size(const struct ipm_setting *setting) {
    return setting->offset == offsetof(struct ipm_case_config, message_bytes);
}

/* Flags of settings that separate groups, and of settings that separate the series of a group. */
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
        if (fresh)
            list->group_count++;
        if (fresh || series_compare(last, c, SERIES_LABEL) != 0)
            list->items[list->count++] = (struct ipm_series){
                .cases = &list->cases[i], .group = list->group_count - 1};
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

bool ipm_series_has(const struct ipm_case *c) {
    return c->status == IPM_CASE_OK && c->trial_count > 0 &&
           (c->integrity.status != IPM_INTEGRITY_UNKNOWN || ipm_case_connects(c));
}

size_t ipm_series_trials(const struct ipm_report *report) {
    size_t most = 0;
    for (size_t i = 0; i < report->case_count; i++)
        if (report->cases[i].trial_count > most)
            most = report->cases[i].trial_count;
    return most;
}

double ipm_series_trial(const struct ipm_report *report, const struct ipm_case *c,
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
        scratch[i] = ipm_series_trial(report, c, metric, i);
    return ipm_stats_of(scratch, c->trial_count);
}
