/* metric_case.c - what a case says of a metric. */
#include "model/metric.h"

#include "model/report/report.h"

#include <math.h>

static const double metric_kept_least = 0.95; /* of the offered rate */

const struct ipm_statistic *ipm_metric_of_case(const struct ipm_metric *metric,
                                               const struct ipm_case *c) {
    const struct ipm_statistic *found = &c->summary.metrics[metric - ipm_metrics];
    const bool known =
        c->status == IPM_CASE_OK && found->count > 0 && isfinite(found->median);
    return known ? found : NULL;
}

enum ipm_metric_id ipm_metric_exact(enum ipm_metric_id primary) {
    const enum ipm_metric_id exact = ipm_metrics[primary].exact;
    return exact != 0 ? exact : primary;
}

bool ipm_metric_is_watched(const struct ipm_metric *metric, const struct ipm_case *c) {
    return metric->watched || metric == ipm_metric_primary(c);
}

bool ipm_metric_is_gated(const struct ipm_metric_choice *choice,
                         const struct ipm_metric *metric, const struct ipm_case *c) {
    const bool one_cpu =
        c->config.sender_cpu >= 0 && c->config.sender_cpu == c->config.receiver_cpu;
    return metric->name && (choice->chosen[metric - ipm_metrics] ||
                            (choice->primary && metric == ipm_metric_primary(c)) ||
                            (choice->quiet && metric->gated && one_cpu));
}

bool ipm_metric_is_chosen(const struct ipm_metric_choice *choice,
                          const struct ipm_metric *metric, const struct ipm_case *c) {
    return ipm_metric_is_gated(choice, metric, c) ||
           (choice->quiet && metric->name && metric == ipm_metric_primary(c));
}

/* With a growing backlog, the difference of these percentiles is four tenths of the time by
 * which the last message is late; with one stall of less than half of the trial it is none
 * of it. */
static bool metric_backlog_grows(const struct ipm_sample *trial) {
    const double late_ns = (double)trial->elapsed_ns - (double)trial->scheduled_ns;
    const double rise_ns = ipm_latency_quantile(&trial->latency, 0.5) -
                           ipm_latency_quantile(&trial->latency, 0.1);
    return rise_ns >= late_ns / 4;
}

static bool metric_trial_is_saturated(const struct ipm_sample *trial) {
    const double offered = (double)trial->scheduled_messages;
    const double arrived = (double)trial->latency.count;
    const double times = (double)trial->elapsed_ns / (double)trial->scheduled_ns;
    if (trial->scheduled_ns == 0 || arrived >= metric_kept_least * offered * times)
        return false;
    return arrived < metric_kept_least * offered || metric_backlog_grows(trial);
}

bool ipm_metric_is_saturated(const struct ipm_case *c) {
    const bool calm = ipm_case_has_calm(c);
    size_t counted = 0;
    size_t saturated = 0;
    for (size_t i = 0; i < c->trial_count; i++) {
        const struct ipm_sample *trial = &c->trials[i];
        if (calm && trial->contended == 1)
            continue;
        counted++;
        saturated += metric_trial_is_saturated(trial);
    }
    return 2 * saturated > counted;
}
