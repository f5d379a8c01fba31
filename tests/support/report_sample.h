/* report_sample.h - a report that no machine made: the same to the last digit every time,
 * with something in it of everything that a renderer must stand. */
#ifndef IPM_REPORT_SAMPLE_H
#define IPM_REPORT_SAMPLE_H

#include <stdint.h>

struct ipm_fact_list;
struct ipm_report;

/* Cases that are ok, lossy, corrupt, failed and skipped, unknown values, hostile text; `rounds`
 * trials each, 0 or more. Summarised. Returns 0 or -ENOMEM; ipm_report_done either way. */
int ipm_report_sample(struct ipm_report *report, uint64_t rounds);

/* The same machine, with cases of every pattern. Otherwise as above. */
int ipm_report_sample_patterns(struct ipm_report *report, uint64_t rounds);

/* The same machine, with both ends on one CPU and on two. Otherwise as above. */
int ipm_report_sample_sides(struct ipm_report *report, uint64_t rounds);

/* The same machine and settings, and not one case. */
int ipm_report_sample_empty(struct ipm_report *report);

/* Adds a fact to those of a case, or replaces it. */
void ipm_sample_fact_number(struct ipm_fact_list *list, const char *key, int64_t number);
void ipm_sample_fact_text(struct ipm_fact_list *list, const char *key, const char *text);

#endif
