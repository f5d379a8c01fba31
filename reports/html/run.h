/* run.h - the page of one run while it is written, and the files that write it. For
 * html*.c alone. */
#ifndef IPM_REPORTS_HTML_RUN_H
#define IPM_REPORTS_HTML_RUN_H

#include "reports/html/series.h"

#include <stdio.h>

struct ipm_report;
struct ipm_text_section;

struct ipm_html_run {
    const struct ipm_report *report;
    struct ipm_html_series series;
    size_t figures; /* so far: each has a number of its own */
    int code;       /* -ENOMEM once there was no memory for a drawing */
};

/* html/charts.c: the drawings of a pattern. */
void ipm_html_charts(FILE *out, struct ipm_html_run *page,
                     const struct ipm_text_section *section);

/* html/rates.c: what cases are ranked by, all of the section. */
void ipm_html_rates(FILE *out, struct ipm_html_run *page,
                    const struct ipm_text_section *section);

/* html/costs.c: the group of the case of that index. */
void ipm_html_latencies(FILE *out, struct ipm_html_run *page,
                        const struct ipm_text_section *section, size_t first);
void ipm_html_costs(FILE *out, struct ipm_html_run *page,
                    const struct ipm_text_section *section, size_t first);

/* html/results.c: the table of a pattern. */
void ipm_html_results(FILE *out, const struct ipm_html_run *page,
                      const struct ipm_text_section *section);

/* html/notes.c: what was not measured, and warnings. */
void ipm_html_absent(FILE *out, const struct ipm_report *report);
void ipm_html_warnings(FILE *out, const struct ipm_report *report);

/* html/machine.c: where and how it was measured. */
void ipm_html_machine(FILE *out, const struct ipm_report *report);

#endif
