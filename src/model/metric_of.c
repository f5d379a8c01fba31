/* metric_of.c - the value of a metric in a trial and in a case. */
#include "model/metric.h"
#include "model/report/report.h"

#include <math.h>
#include <string.h>

const struct ipm_statistic *ipm_metric_of_case(const struct ipm_metric *metric,
                                               const struct ipm_case *c) {
    const struct ipm_statistic *found =
        &ipm_case_summary(c)->metrics[metric - ipm_metrics];
    const bool known =
        c->status == IPM_CASE_OK && found->count > 0 && isfinite(found->median);
    return known && !(metric->grows_with_window && ipm_metric_is_saturated(c)) ? found
                                                                               : NULL;
}

static double trial_divide(int64_t part, uint64_t whole) {
    return part < 0 || whole == 0 ? NAN : (double)part / (double)whole;
}

static double trial_counted(const struct ipm_metric *metric,
                            const struct ipm_sample *trial) {
    return trial_divide(trial->usage[metric->role].counted[metric->counter],
                        metric->role == IPM_SENDER ? trial->sent.messages
                                                   : trial->received.messages);
}

static double trial_share(const struct ipm_metric *metric,
                          const struct ipm_sample *trial) {
    int64_t ns = -1;
    memcpy(&ns, (const char *)trial + metric->share_offset, sizeof ns);
    return trial_divide(ns, trial->elapsed_ns);
}

double ipm_metric_of_trial(const struct ipm_metric *metric,
                           const struct ipm_metric_scope *scope) {
    if (metric->quantile > 0)
        return ipm_latency_quantile(&scope->trial->latency, metric->quantile);
    if (metric->share_offset > 0)
        return trial_share(metric, scope->trial);
    return metric->counted ? trial_counted(metric, scope->trial) : metric->of(scope);
}

double ipm_metric_user_ratio(const struct ipm_case *c, int role) {
    uint64_t user_ns = 0;
    uint64_t both_ns = 0;
    for (size_t i = 0; i < c->trial_count; i++) {
        const struct ipm_usage *usage = &c->trials[i].usage[role];
        if (usage->user_ns < 0 || usage->system_ns < 0)
            continue;
        user_ns += (uint64_t)usage->user_ns;
        both_ns += (uint64_t)usage->user_ns + (uint64_t)usage->system_ns;
    }
    return both_ns > 0 ? (double)user_ns / (double)both_ns : NAN;
}

double ipm_metric_compared_value(const struct ipm_metric *metric,
                                 const struct ipm_metric_scope *scope) {
    const double value = ipm_metric_of_trial(metric, scope);
    return value < metric->least ? metric->least : value;
}
