/* rows.h - a chart with a row for each series along one axis: a marker with its interval,
 * or a bar in four parts. */
#ifndef IPM_REPORTS_HTML_ROWS_H
#define IPM_REPORTS_HTML_ROWS_H

#include "reports/html/plot.h"

#include <stdbool.h>

struct ipm_html_series;

enum { IPM_HTML_SIDES = 2 };

struct ipm_html_row {
    double value; /* of a bar: the total */
    size_t series;
    double low; /* interval; NaN: unknown */
    double high;
    double sides[IPM_HTML_SIDES];  /* of a bar; their sum is the total */
    double shares[IPM_HTML_SIDES]; /* first part of each side, 0 to 1; NaN: unknown */
};

struct ipm_html_rows {
    struct ipm_html_figure figure; /* its height is computed */
    const struct ipm_html_series *series;
    struct ipm_html_axis axis;
    bool bars;
    bool largest_first;
    const char *sides[IPM_HTML_SIDES]; /* names of the parts of a bar */
    const char *parts[IPM_HTML_SIDES];
    size_t count;
    struct ipm_html_row *rows;
    bool failed; /* out of memory */
};

/* Adds a row, unless the axis cannot show it. */
void ipm_html_rows_add(struct ipm_html_rows *chart, const struct ipm_html_row *row);

/* Writes the figure, or nothing where there is no row, and frees what the chart holds.
 * Returns 0 or -ENOMEM, also when adding had failed. */
int ipm_html_rows_put(FILE *out, struct ipm_html_rows *chart);

#endif
