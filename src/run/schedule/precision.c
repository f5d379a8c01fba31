/* precision.c - whether a case is known as precisely as requested. */
#include "run/schedule/precision.h"

#include "model/metric.h"
#include "model/report/stats.h"

#include <stdlib.h>

bool ipm_precision_is_reached(const struct ipm_report *report, const struct ipm_case *c,
                              double ratio) {
    struct ipm_metric_scope scope = {.references = &report->references, .subject = c};
    double *values = calloc(c->trial_count + 1, sizeof *values);
    if (!values)
        return false;
    for (size_t i = 0; i < c->trial_count; i++) {
        scope.trial = &c->trials[i];
        values[i] = ipm_metric_of_trial(ipm_metric_primary(c), &scope);
    }
    const struct ipm_statistic s = ipm_stats_of(values, c->trial_count);
    free(values);
    return (s.ci95_high - s.ci95_low) / 2 <= ratio * s.median; /* false for NaN */
}
