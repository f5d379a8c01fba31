/* run.h - the page of a run, its charts, and the functions that write its parts. For this folder
 * only. */
#ifndef IPM_REPORTS_HTML_RUN_H
#define IPM_REPORTS_HTML_RUN_H

#include "reports/html/plot.h"
#include "reports/html/series.h"

#include <stdbool.h>
#include <stdio.h>

struct ipm_case_config;
struct ipm_report;
struct ipm_text_section;

enum {
    IPM_HTML_SIDES = 2,
    IPM_HTML_POINTS_MOST = 61, /* of a case in a chart */
};

struct ipm_html_point {
    size_t series;
    double x;     /* of a curve */
    double value; /* of a bar: the total */
    double low;   /* interval; NaN: unknown */
    double high;
    bool marked; /* of a curve: it has a marker and a column of the table */
    double sides[IPM_HTML_SIDES];  /* of a bar; their sum is the total */
    double shares[IPM_HTML_SIDES]; /* first part of each side, 0 to 1; NaN: unknown */
    double order; /* set when the chart is drawn: the points are sorted by it */
};

struct ipm_html_run {
    const struct ipm_report *report;
    struct ipm_html_series series;
    struct ipm_html_point *points; /* IPM_HTML_POINTS_MOST for each case */
    size_t figures;                /* number of drawings so far */
};

/* A chart of curves over two axes, or of a row for each value. */
struct ipm_html_chart {
    struct ipm_html_figure figure; /* its height is set when it is drawn */
    const struct ipm_html_series *series;
    struct ipm_html_axis x; /* of curves; it is not rounded */
    struct ipm_html_axis values;
    const char *sides[IPM_HTML_SIDES]; /* names of the sides of a bar; NULL: no bars */
    size_t letters;                    /* of the longest name, as far as it is shown */
    size_t count;
    struct ipm_html_point *points; /* memory of the page, which the next chart reuses */
};

/* html/chart.c: begins a chart of cases with the conditions of `config` and the title "WHAT · 64 B · framing
 * length". `by_size`: the size is no condition. */
void ipm_html_chart_begin(struct ipm_html_chart *chart, struct ipm_html_run *page,
                          const char *what, const struct ipm_case_config *config,
                          bool by_size);

/* Adds a point, unless the axes cannot show it. */
void ipm_html_chart_add(struct ipm_html_chart *chart, const struct ipm_html_point *point);

/* Sorts the points by order, series and x. */
void ipm_html_chart_sort(struct ipm_html_chart *chart);

/* html/curves.c, html/rows.c: each writes the figure, or nothing where there is no point. */
void ipm_html_curves(FILE *out, struct ipm_html_chart *chart);
void ipm_html_rows(FILE *out, struct ipm_html_chart *chart);

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
