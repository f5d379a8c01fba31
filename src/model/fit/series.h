/* series.h - arranges the cases of a report for a model over sizes: a series has every
 * setting but the size in common, a group everything but transport, server and size. */
#ifndef IPM_MODEL_FIT_SERIES_H
#define IPM_MODEL_FIT_SERIES_H

#include "model/fit/fit.h"
#include "model/metric.h"
#include "model/report/report.h"

#include <stdbool.h>
#include <stddef.h>

struct ipm_series {
    const struct ipm_case *const *cases; /* by size, ascending */
    size_t count;
    size_t group; /* the number of its group; groups are adjacent */
};

struct ipm_series_list {
    size_t case_count;
    const struct ipm_case **cases;
    size_t count;
    struct ipm_series *items;
    size_t group_count;
};

/* Arranges the cases, whatever their status, for which `wants` returns true; NULL: all.
 * Returns 0 or -ENOMEM. Call ipm_series_done afterwards. */
int ipm_series_make(struct ipm_series_list *ret_list, const struct ipm_report *report,
                    bool (*wants)(const void *context, const struct ipm_case *c),
                    const void *context);
void ipm_series_done(struct ipm_series_list *list);

/* Whether the case has a value that can be ranked. */
bool ipm_series_has(const struct ipm_case *c);

/* Computes the median over the trials of a case, and its interval. */
struct ipm_statistic ipm_series_statistic(const struct ipm_report *report,
                                          const struct ipm_case *c,
                                          const struct ipm_metric *metric,
                                          double *scratch);

/* Makes the model of a metric over the sizes of a series: of the time that a message takes
 * by it. A metric that is no rate and no time has no model. Returns 0 or -ENOMEM. */
int ipm_series_fit(struct ipm_fit *ret_fit, const struct ipm_report *report,
                   const struct ipm_series *series, const struct ipm_metric *metric);

/* Computes the metric by the model. Returns false where the model has no answer. */
bool ipm_series_at(const struct ipm_fit *fit, const struct ipm_metric *metric,
                   uint64_t bytes, struct ipm_estimate *ret_value);

#endif
