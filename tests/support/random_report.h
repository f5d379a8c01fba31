/* random_report.h - reports that no run has measured, and yet any could have: for what must
 * hold for all of them. */
#ifndef IPM_TESTS_SUPPORT_RANDOM_REPORT_H
#define IPM_TESTS_SUPPORT_RANDOM_REPORT_H

#include "model/report/report.h"

/* Fills every member that is in the JSON document, by its tables of fields: bounds, values in
 * between, unknown ones, odd strings. The same seed gives the same report. Returns 0 or
 * -ENOMEM; ipm_report_done afterwards. */
int ipm_report_random(struct ipm_report *report, uint64_t seed);

#endif
