/* series.h - arranges the cases of a report by size: a series has every setting but the size
 * in common, a group everything but transport, server and size. */
#ifndef IPM_MODEL_REPORT_SERIES_H
#define IPM_MODEL_REPORT_SERIES_H

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

/* Returns the number of trials of the case that has the most. */
size_t ipm_series_trials(const struct ipm_report *report);

/* Returns the metric of one trial of a case; NaN where it has none. */
double ipm_series_trial(const struct ipm_report *report, const struct ipm_case *c,
                        const struct ipm_metric *metric, size_t trial);

/* Computes the median over the trials of a case, and its interval. */
struct ipm_statistic ipm_series_statistic(const struct ipm_report *report,
                                          const struct ipm_case *c,
                                          const struct ipm_metric *metric,
                                          double *scratch);

#endif
