/* metric_of.c - what a case and a trial say of a metric, and metrics by their names. */
#include "base/counter.h"
#include "model/metric.h"
#include "model/report/report.h"

#include <math.h>
#include <string.h>

/* Of the offered rate; where the backlog grew from the first message to the last, a longer window
 * would have less. */
static const double metric_achieved_least = 0.95;
static const double metric_achieved_growing_least = 0.99;
static const uint64_t METRIC_GROWING_LEAST = 20; /* messages: fewer show no growth */

const struct ipm_statistic *ipm_metric_of_case(const struct ipm_metric *metric,
                                               const struct ipm_case *c) {
    const struct ipm_statistic *found =
        &ipm_case_summary(c)->metrics[metric - ipm_metrics];
    const bool known =
        c->status == IPM_CASE_OK && found->count > 0 && isfinite(found->median);
    return known && !(metric->queued && ipm_metric_is_saturated(c)) ? found : NULL;
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

/* Returns whether these two percentiles differ by as much as a growing backlog makes them: by four
 * tenths of the time by which the last message is late. With one stall of less than half of the
 * trial the lower half does not differ. */
static bool metric_rises(const struct ipm_sample *trial, double late_ns, double low) {
    return ipm_latency_quantile(&trial->latency, low + 0.4) -
               ipm_latency_quantile(&trial->latency, low) >=
           late_ns / 4;
}

/* With a backlog that grows at one pace, the last message waits longest. */
static bool metric_grows_to_the_end(const struct ipm_sample *trial, double late_ns) {
    return trial->latency.count >= METRIC_GROWING_LEAST &&
           (double)trial->latency.max_ns <= late_ns * 1.1 &&
           metric_rises(trial, late_ns, 0.1) && metric_rises(trial, late_ns, 0.5);
}

static enum ipm_load metric_trial_load(const struct ipm_sample *trial) {
    const double offered = (double)trial->scheduled_messages;
    const double arrived = (double)trial->latency.count;
    const double late_ns = (double)trial->elapsed_ns - (double)trial->scheduled_ns;
    const double times = (double)trial->elapsed_ns / (double)trial->scheduled_ns;
    if (trial->scheduled_ns == 0)
        return IPM_LOAD_KEPT;
    if (arrived < metric_achieved_least * offered * times)
        return arrived < metric_achieved_least * offered ||
                       metric_rises(trial, late_ns, 0.1)
                   ? IPM_LOAD_SATURATED
                   : IPM_LOAD_STALLED;
    return metric_achieved_growing_least * times > 1 &&
                   metric_grows_to_the_end(trial, late_ns)
               ? IPM_LOAD_SATURATED
               : IPM_LOAD_KEPT;
}

enum ipm_load ipm_metric_load(const struct ipm_case *c) {
    const bool uncontended = ipm_case_has_uncontended(c);
    size_t trials[IPM_LOAD_SATURATED + 1] = {0};
    for (size_t i = 0; i < c->trial_count; i++)
        if (!uncontended || c->trials[i].contended != 1)
            trials[metric_trial_load(&c->trials[i])]++;
    if (trials[IPM_LOAD_SATURATED] > trials[IPM_LOAD_STALLED] + trials[IPM_LOAD_KEPT])
        return IPM_LOAD_SATURATED;
    return trials[IPM_LOAD_SATURATED] + trials[IPM_LOAD_STALLED] > trials[IPM_LOAD_KEPT]
               ? IPM_LOAD_STALLED
               : IPM_LOAD_KEPT;
}

bool ipm_metric_is_saturated(const struct ipm_case *c) {
    return ipm_metric_load(c) == IPM_LOAD_SATURATED;
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

static double trial_withheld(const struct ipm_metric *metric,
                             const struct ipm_sample *trial) {
    int64_t ns = -1;
    memcpy(&ns, (const char *)trial + metric->withheld, sizeof ns);
    return trial_divide(ns, trial->elapsed_ns);
}

double ipm_metric_of_trial(const struct ipm_metric *metric,
                           const struct ipm_metric_scope *scope) {
    if (metric->quantile > 0)
        return ipm_latency_quantile(&scope->trial->latency, metric->quantile);
    if (metric->withheld > 0)
        return trial_withheld(metric, scope->trial);
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

double ipm_metric_compared_value(const struct ipm_metric *metric,
                                 const struct ipm_metric_scope *scope) {
    const double value = ipm_metric_of_trial(metric, scope);
    return value < metric->least ? metric->least : value;
}
