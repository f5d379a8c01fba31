/* curves.h - lines over two axes, a series each, named at their ends. Must not know what
 * they stand for. */
#ifndef IPM_REPORTS_HTML_CURVES_H
#define IPM_REPORTS_HTML_CURVES_H

#include "reports/html/plot.h"

#include <stdbool.h>

struct ipm_html_series;

struct ipm_html_point {
    double x;
    double y;
    double low; /* of an interval; NaN: not known */
    double high;
    bool marked;
};

struct ipm_html_curve {
    size_t series;
    size_t first; /* of its points */
    size_t count;
    double label; /* where its name stands */
};

/* x.ticks are the columns of the table; x is not rounded, y is. */
struct ipm_html_curves {
    struct ipm_html_figure figure; /* its height follows from the rest */
    const struct ipm_html_series *series;
    struct ipm_html_axis x;
    struct ipm_html_axis y;
    size_t curve_count;
    struct ipm_html_curve *curves;
    size_t point_count;
    struct ipm_html_point *points; /* of a curve together, by x */
    bool failed;                   /* there was no memory */
};

/* Begins a curve, and adds a point to it; one that the axes cannot show is left out. */
void ipm_html_curves_begin(struct ipm_html_curves *chart, size_t series);
void ipm_html_curves_add(struct ipm_html_curves *chart,
                         const struct ipm_html_point *point);

/* Writes the whole figure, or nothing where there is no point, and frees what the chart
 * holds. Returns 0 or -ENOMEM, also of what was added before. */
int ipm_html_curves_put(FILE *out, struct ipm_html_curves *chart);

#endif
