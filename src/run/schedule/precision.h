/* precision.h - whether a case is known as precisely as requested. */
#ifndef IPM_RUN_SCHEDULE_PRECISION_H
#define IPM_RUN_SCHEDULE_PRECISION_H

#include "model/report/report.h"

#include <stdbool.h>

/* Whether half of the 95 % interval of the primary metric is at most that part of the median.
 * With too few trials for an interval it is not. */
bool ipm_precision_is_reached(const struct ipm_report *report, const struct ipm_case *c,
                              double ratio);

#endif
