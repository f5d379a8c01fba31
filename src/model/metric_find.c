/* metric_find.c - finds metrics by their names, and those that a case reports, gates or compares. */
#include "base/counter.h"
#include "model/metric.h"
#include "model/report/report.h"

#include <string.h>

enum ipm_metric_id ipm_metric_exact(enum ipm_metric_id primary) {
    const enum ipm_metric_id exact = ipm_metrics[primary].exact;
    return exact != 0 ? exact : primary;
}

bool ipm_metric_is_watched(const struct ipm_metric *metric, const struct ipm_case *c) {
    return metric->watched || metric == ipm_metric_primary(c);
}

bool ipm_metric_is_gated(const struct ipm_metric_choice *choice,
                         const struct ipm_metric *metric, const struct ipm_case *c) {
    const bool one_cpu = ipm_settings_share_cpu(&c->config);
    return metric->name && (choice->chosen[metric - ipm_metrics] ||
                            (choice->primary && metric == ipm_metric_primary(c)) ||
                            (choice->quiet && metric->gated && one_cpu));
}

bool ipm_metric_is_chosen(const struct ipm_metric_choice *choice,
                          const struct ipm_metric *metric, const struct ipm_case *c) {
    return ipm_metric_is_gated(choice, metric, c) ||
           (choice->quiet && metric->name && metric == ipm_metric_primary(c));
}

const struct ipm_metric *ipm_metric_find(const char *name) {
    for (size_t m = 0; m < IPM_METRICS; m++)
        if (ipm_metrics[m].name && strcmp(ipm_metrics[m].name, name) == 0)
            return &ipm_metrics[m];
    return NULL;
}

const struct ipm_percentile ipm_percentiles[] = {
    {"p50", IPM_METRIC_LATENCY_P50},       {"p90", IPM_METRIC_LATENCY_P90},
    {"p99", IPM_METRIC_LATENCY_P99},       {"p99.9", IPM_METRIC_LATENCY_P99_9},
    {"p99.99", IPM_METRIC_LATENCY_P99_99}, {0},
};

const char *ipm_metric_word(const struct ipm_metric *metric) {
    for (size_t i = 0; ipm_percentiles[i].word; i++)
        if (&ipm_metrics[ipm_percentiles[i].metric] == metric)
            return ipm_percentiles[i].word;
    return metric->name;
}

const struct ipm_metric *ipm_metric_find_percentile(const char *word) {
    for (size_t i = 0; ipm_percentiles[i].word; i++)
        if (strcmp(ipm_percentiles[i].word, word) == 0)
            return &ipm_metrics[ipm_percentiles[i].metric];
    return NULL;
}

const struct ipm_metric *ipm_metric_find_key(const char *key) {
    for (size_t m = 0; m < IPM_METRICS; m++)
        if (ipm_metrics[m].quantile <= 0 && strcmp(ipm_metrics[m].key, key) == 0)
            return &ipm_metrics[m];
    return NULL;
}

size_t ipm_metric_of_counter(const char *name) {
    for (size_t i = 0; i < IPM_COUNTERS; i++)
        if (strcmp(ipm_counter_rows[i].name, name) == 0)
            return IPM_METRIC_SENDER_USER_cycles + IPM_METRICS_OF_COUNTER * i;
    return IPM_METRICS;
}

bool ipm_metric_is_byte_rate(const struct ipm_metric *metric) {
    return strcmp(metric->unit, "bytes/s") == 0;
}

const struct ipm_metric *ipm_metric_primary(const struct ipm_case *c) {
    return &ipm_metrics[c->primary];
}
