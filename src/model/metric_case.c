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

bool ipm_metric_is_saturated(const struct ipm_case *c) {
    const struct ipm_statistic *metrics = c->summary.metrics;
    return metrics[IPM_METRIC_ACHIEVED].median <
           metric_kept_least * metrics[IPM_METRIC_OFFERED].median;
}
