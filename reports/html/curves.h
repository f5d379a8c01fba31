/* curves.h - a chart of lines over two axes: a line for each series, with its name at the
 * end. */
#ifndef IPM_REPORTS_HTML_CURVES_H
#define IPM_REPORTS_HTML_CURVES_H

#include "reports/html/plot.h"

#include <stdbool.h>

struct ipm_html_series;

struct ipm_html_point {
    double x;
    double y;
    double low; /* interval; NaN: unknown */
    double high;
    bool marked;
};

struct ipm_html_curve {
    double label; /* height of its name */
    size_t series;
    size_t first; /* index of its first point */
    size_t count;
};

/* x.ticks are the columns of the table. The y axis is rounded, the x axis is not. */
struct ipm_html_curves {
    struct ipm_html_figure figure; /* its height is computed */
    const struct ipm_html_series *series;
    struct ipm_html_axis x;
    struct ipm_html_axis y;
    size_t curve_count;
    struct ipm_html_curve *curves;
    size_t point_count;
    struct ipm_html_point *points; /* grouped by curve, ordered by x */
    bool failed;                   /* out of memory */
};

/* Begins a curve, and adds a point to it; a point that the axes cannot show is left out. */
void ipm_html_curves_begin(struct ipm_html_curves *chart, size_t series);
void ipm_html_curves_add(struct ipm_html_curves *chart,
                         const struct ipm_html_point *point);

/* Writes the figure, or nothing where there is no point, and frees what the chart holds.
 * Returns 0 or -ENOMEM, also when adding had failed. */
int ipm_html_curves_put(FILE *out, struct ipm_html_curves *chart);

#endif
