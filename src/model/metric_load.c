/* metric_load.c - the rule by which a case did not keep up with its rate: enum ipm_load. */
#include "model/metric.h"
#include "model/report/report.h"

#include <stdbool.h>

/* Least achieved fraction of the offered rate, and the stricter one if the backlog grew during the
 * trial, because a longer window would achieve less. */
static const double load_achieved_least = 0.95;
static const double load_achieved_growing_least = 0.99;
static const uint64_t LOAD_GROWING_LEAST = 20; /* messages: fewer show no growth */

/* Returns whether the percentiles `low` and `low` + 0.4 differ as they do with a growing backlog: then
 * they differ by four tenths of the time by which the last message is late. After a single stall of
 * less than half of the trial, the percentiles of the lower half do not differ. */
static bool load_rises(const struct ipm_sample *trial, double late_ns, double low) {
    return ipm_latency_quantile(&trial->latency, low + 0.4) -
               ipm_latency_quantile(&trial->latency, low) >=
           late_ns / 4;
}

/* Returns whether the backlog grew steadily, so that the last message waited longest. */
static bool load_grows_to_the_end(const struct ipm_sample *trial, double late_ns) {
    return trial->latency.count >= LOAD_GROWING_LEAST &&
           (double)trial->latency.max_ns <= late_ns * 1.1 &&
           load_rises(trial, late_ns, 0.1) && load_rises(trial, late_ns, 0.5);
}

static enum ipm_load load_of_trial(const struct ipm_sample *trial) {
    const double offered = (double)trial->scheduled_messages;
    const double arrived = (double)trial->latency.count;
    const double late_ns = (double)trial->elapsed_ns - (double)trial->scheduled_ns;
    const double stretched = (double)trial->elapsed_ns / (double)trial->scheduled_ns;
    if (trial->scheduled_ns == 0) /* there is no rate */
        return IPM_LOAD_KEPT;
    const bool missed = arrived < load_achieved_least * offered * stretched;
    if (missed && arrived < load_achieved_least * offered) /* messages were lost */
        return IPM_LOAD_SATURATED;
    if (missed) /* the trial ended late */
        return load_rises(trial, late_ns, 0.1) ? IPM_LOAD_SATURATED : IPM_LOAD_STALLED;
    if (load_achieved_growing_least * stretched > 1 && /* a little late, and ever later */
        load_grows_to_the_end(trial, late_ns))
        return IPM_LOAD_SATURATED;
    return IPM_LOAD_KEPT;
}

enum ipm_load ipm_metric_load(const struct ipm_case *c) {
    const bool uncontended = ipm_case_has_uncontended(c);
    size_t trials[IPM_LOAD_SATURATED + 1] = {0};
    for (size_t i = 0; i < c->trial_count; i++)
        if (!uncontended || c->trials[i].contended != 1)
            trials[load_of_trial(&c->trials[i])]++;
    if (trials[IPM_LOAD_SATURATED] > trials[IPM_LOAD_STALLED] + trials[IPM_LOAD_KEPT])
        return IPM_LOAD_SATURATED;
    return trials[IPM_LOAD_SATURATED] + trials[IPM_LOAD_STALLED] > trials[IPM_LOAD_KEPT]
               ? IPM_LOAD_STALLED
               : IPM_LOAD_KEPT;
}

bool ipm_metric_is_saturated(const struct ipm_case *c) {
    return ipm_metric_load(c) == IPM_LOAD_SATURATED;
}
