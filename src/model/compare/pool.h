/* pool.h - one run of the trials of many. */
#ifndef IPM_MODEL_COMPARE_POOL_H
#define IPM_MODEL_COMPARE_POOL_H

#include "model/report/report.h"

#include <stddef.h>

/* Moves the trials and reference measurements of two lists of reports, in turn, into an
 * initialised report, each report as a round of its own: by cases of one name, which are ok in
 * any of them. Returns 0 or -ENOMEM. */
int ipm_compare_pool(struct ipm_report *pool, struct ipm_report *first,
                     struct ipm_report *second, size_t count);

#endif
