/* series_fit.c - converts a metric to the time of a message, and back. */
#include "model/fit/series_fit.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

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
                series_time(metric, ipm_series_trial(report, c, metric, i), bytes);
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
