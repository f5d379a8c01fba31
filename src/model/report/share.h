/* share.h - how a whole divides into its parts, over all trials of a case. */
#ifndef IPM_MODEL_REPORT_SHARE_H
#define IPM_MODEL_REPORT_SHARE_H

#include "model/report/report.h"

/* The part of an end's CPU time that was spent outside the kernel, 0 to 1; NaN when a trial
 * does not know, or no time was used. The split is by clock tick (getrusage(2)): it is worth
 * something over many trials only. */
double ipm_share_user(const struct ipm_case *c, enum ipm_role role);

#endif
