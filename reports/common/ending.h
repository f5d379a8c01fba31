/* ending.h - how a run ended, for formats whose rows are tests. */
#ifndef IPM_REPORTS_COMMON_ENDING_H
#define IPM_REPORTS_COMMON_ENDING_H

struct ipm_report;

/* Returns why the run ended early, which is reported as a test of its own, or NULL. */
const char *ipm_report_ending(const struct ipm_report *report);

#endif
