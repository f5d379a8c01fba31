/* metric.h - the figures of a summary, each from one trial. */
#ifndef IPM_MODEL_METRIC_H
#define IPM_MODEL_METRIC_H

#include "model/report/report.h"

/* What the figures of a case are made of. */
struct ipm_metric_scope {
    const struct ipm_references *references;
    const struct ipm_case *subject;
    const struct ipm_case *pipe; /* of the same conditions, or NULL */
    size_t size_index;           /* of the message size in references->sizes, or beyond */
};

/* Fills every statistic of the summary from the first trial_count trials of the subject; `scratch` has
 * room for as many. */
void ipm_metric_fill(struct ipm_summary *summary, const struct ipm_metric_scope *scope,
                     size_t trial_count, double *scratch);

/* The figure at that offset of struct ipm_summary, of one trial alone; NaN when unknown. */
double ipm_metric_of_trial(const struct ipm_metric_scope *scope, size_t offset,
                           size_t trial);

#endif
