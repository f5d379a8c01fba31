/* axis.h - from values to places in a drawing, and the round values between. Geometry
 * alone: must not know what is drawn. */
#ifndef IPM_REPORTS_HTML_AXIS_H
#define IPM_REPORTS_HTML_AXIS_H

#include "reports/columns/format.h"

#include <stdbool.h>
#include <stddef.h>

enum { IPM_HTML_TICKS_MOST = 64 };

struct ipm_html_axis {
    const char *name; /* with its unit */
    void (*format)(char cell[IPM_TEXT_CELL_BYTES], double value);
    bool logarithmic;
    double unit; /* ticks are round numbers of it */
    bool shows;  /* anything yet */
    double low;  /* of what it shows */
    double high;
    double from; /* the places of low and high */
    double to;
    size_t tick_count;
    double ticks[IPM_HTML_TICKS_MOST];
};

/* Makes it show that value, too. False: it cannot, as the value is unknown, out of all bounds
 * or, on a logarithmic axis, not above 0. */
bool ipm_html_axis_show(struct ipm_html_axis *axis, double value);

/* Chooses round ticks and widens the axis to them. */
void ipm_html_axis_round(struct ipm_html_axis *axis);

/* Adds a tick of one's own choice, unless there are too many. */
void ipm_html_axis_tick(struct ipm_html_axis *axis, double value);

/* Sorts the ticks that were added. */
void ipm_html_axis_sort(struct ipm_html_axis *axis);

double ipm_html_axis_place(const struct ipm_html_axis *axis, double value);

#endif
