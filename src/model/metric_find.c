/* metric_find.c - finds rows of the table of metrics, and prepares values for a comparison. */
#include "model/metric.h"

#include "base/counter.h"
#include "model/report/report.h"

#include <string.h>

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

double ipm_metric_compared_value(const struct ipm_metric *metric,
                                 const struct ipm_metric_scope *scope) {
    const double value = ipm_metric_of_trial(metric, scope);
    return value < metric->least ? metric->least : value;
}
