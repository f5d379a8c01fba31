/* axis.h - maps values to places in a drawing, and chooses round ticks. */
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
    double unit; /* ticks are round multiples of it */
    bool shows;  /* a value was shown */
    double low;  /* range of the shown values */
    double high;
    double from; /* the places of low and high */
    double to;
    size_t tick_count;
    double ticks[IPM_HTML_TICKS_MOST];
};

/* Extends the axis to the value. Returns false where it cannot be shown: it is unknown, out
 * of bounds or, on a logarithmic axis, not above 0. */
bool ipm_html_axis_show(struct ipm_html_axis *axis, double value);

/* Chooses round ticks and widens the axis to them. */
void ipm_html_axis_round(struct ipm_html_axis *axis);

/* Adds a tick, unless there are too many. */
void ipm_html_axis_tick(struct ipm_html_axis *axis, double value);

/* Sorts the ticks that were added. */
void ipm_html_axis_sort(struct ipm_html_axis *axis);

double ipm_html_axis_place(const struct ipm_html_axis *axis, double value);

#endif
