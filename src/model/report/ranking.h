/* ranking.h - whether one case is ahead of another, and by how much. Two cases are compared in
 * pairs, round by round, because a disturbance of a round concerns both. */
#ifndef IPM_MODEL_REPORT_RANKING_H
#define IPM_MODEL_REPORT_RANKING_H

#include "model/report/stats.h"

#include <stdbool.h>

struct ipm_case;
struct ipm_metric;
struct ipm_references;

/* Returns how many times as good a is as b by the metric, over the rounds in which both have a
 * value. Count 0: there is no such round, or no memory. `references` may be NULL where the metric
 * is not relative to them. */
struct ipm_statistic ipm_ranking_ratio_of(const struct ipm_metric *metric,
                                          const struct ipm_references *references,
                                          const struct ipm_case *a,
                                          const struct ipm_case *b);

/* Returns the same by the primary metric of a. */
struct ipm_statistic ipm_ranking_ratio(const struct ipm_case *a,
                                       const struct ipm_case *b);

/* Returns the lower end of the interval, or of "median ± half its width" where that is lower, so
 * that both forms tell the same; NaN when unknown. */
double ipm_ranking_least(const struct ipm_statistic *ratio);

/* Whether the ratio is known to be above 1. */
bool ipm_ranking_is_ahead(const struct ipm_statistic *ratio);

/* Whether the ratio may also be 2 or more: too little is known to call it no difference. */
bool ipm_ranking_is_open(const struct ipm_statistic *ratio);

/* Where the two ends of a case ran. With many clients, only the CPU of one is known. */
enum ipm_place {
    IPM_PLACE_UNKNOWN,
    IPM_PLACE_ONE_CPU, /* in nine of ten trials or more */
    IPM_PLACE_TWO_CPUS,
    IPM_PLACE_MIXED,
};

/* Returns where the scheduler put the ends of a case that is not pinned. */
enum ipm_place ipm_ranking_place(const struct ipm_case *c);

/* Returns whether the placement varies inside the case, or differs from the cases of earlier calls
 * with the same `found`, which is UNKNOWN before the first call. */
bool ipm_ranking_placement_differs(const struct ipm_case *c, enum ipm_place *found);

#endif
