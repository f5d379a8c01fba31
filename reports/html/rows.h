/* rows.h - one row a series along one axis: a marker with its interval, or a bar in four
 * parts. Must not know what they stand for. */
#ifndef IPM_REPORTS_HTML_ROWS_H
#define IPM_REPORTS_HTML_ROWS_H

#include "reports/html/plot.h"

#include <stdbool.h>

struct ipm_html_series;

enum { IPM_HTML_SIDES = 2 };

struct ipm_html_row {
    size_t series;
    double value; /* of a bar: the whole */
    double low;   /* of an interval; NaN: not known */
    double high;
    double sides[IPM_HTML_SIDES];  /* of a bar; they make the whole */
    double shares[IPM_HTML_SIDES]; /* of a side's first part, 0 to 1; NaN: not known */
};

struct ipm_html_rows {
    struct ipm_html_figure figure; /* its height follows from the rest */
    const struct ipm_html_series *series;
    struct ipm_html_axis axis;
    bool bars;
    bool largest_first;
    const char *sides[IPM_HTML_SIDES]; /* what the parts of a bar are called */
    const char *parts[IPM_HTML_SIDES];
    size_t count;
    struct ipm_html_row *rows;
    bool failed; /* there was no memory */
};

/* A row that the axis cannot show is left out. */
void ipm_html_rows_add(struct ipm_html_rows *chart, const struct ipm_html_row *row);

/* Writes the whole figure, or nothing where there is no row, and frees what the chart holds.
 * Returns 0 or -ENOMEM, also of what was added before. */
int ipm_html_rows_put(FILE *out, struct ipm_html_rows *chart);

#endif
