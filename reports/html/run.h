/* run.h - the page of a run, and the functions that write its parts. For this folder only. */
#ifndef IPM_REPORTS_HTML_RUN_H
#define IPM_REPORTS_HTML_RUN_H

#include "reports/html/chart.h"
#include "reports/html/series.h"

#include <stdio.h>

struct ipm_report;
struct ipm_text_section;

struct ipm_html_run {
    const struct ipm_report *report;
    struct ipm_html_series series;
    struct ipm_html_point *points; /* IPM_HTML_POINTS_MOST for each case */
    size_t figures;                /* number of drawings so far */
};

/* html/rates.c: the primary metric of all cases of the section. */
void ipm_html_rates(FILE *out, struct ipm_html_run *page,
                    const struct ipm_text_section *section);

/* html/costs.c: the group that begins with the case `first`. */
void ipm_html_latencies(FILE *out, struct ipm_html_run *page,
                        const struct ipm_text_section *section, size_t first);
void ipm_html_costs(FILE *out, struct ipm_html_run *page,
                    const struct ipm_text_section *section, size_t first);

/* html/results.c: the table of a pattern; all cases that were not measured, and warnings. */
void ipm_html_results(FILE *out, const struct ipm_html_run *page,
                      const struct ipm_text_section *section);
void ipm_html_absent(FILE *out, const struct ipm_report *report);
void ipm_html_warnings(FILE *out, const struct ipm_report *report);

/* html/machine.c: the machine and the settings. */
void ipm_html_machine(FILE *out, const struct ipm_report *report);

#endif
