/* plot.h - what all drawings have in common: figures with a heading and a text description,
 * axes, and tables of the values. */
#ifndef IPM_REPORTS_HTML_PLOT_H
#define IPM_REPORTS_HTML_PLOT_H

#include "reports/html/axis.h"

#include <stddef.h>
#include <stdio.h>

/* In units of the picture, which is scaled to the available width; on a phone, a unit is
 * about a pixel. */
enum { IPM_HTML_WIDTH = 420, IPM_HTML_LINE = 13, IPM_HTML_NAME_MOST = 15 };

struct ipm_html_figure {
    size_t number; /* unique on the page */
    char title[IPM_TEXT_TITLE_BYTES];
    const char *description; /* how to read it; a sentence or more */
    double height;
};

/* A figure is its heading, a picture, and a table of the same values. figure_open opens the
 * picture, figure_table closes it and opens the table, figure_close closes both. The names of
 * the columns end with NULL. */
void ipm_html_figure_open(FILE *out, const struct ipm_html_figure *figure);
void ipm_html_figure_table(FILE *out, const struct ipm_html_figure *figure,
                           const char *const *columns);
void ipm_html_figure_close(FILE *out);

/* Writes grid, ticks and name of an axis along the bottom (the grid extends up to `top`)
 * and along the left side (the grid extends to `right`). */
void ipm_html_axis_bottom(FILE *out, const struct ipm_html_axis *axis, double top,
                          double bottom);
void ipm_html_axis_left(FILE *out, const struct ipm_html_axis *axis, double left,
                        double right);

/* Opens the group (<g>) of a series, with its name for the pointer. */
void ipm_html_group_open(FILE *out, size_t series, const char *name);

/* Writes a name in a picture, cut to `most` characters. */
void ipm_html_who(FILE *out, const char *class, int x, double y, const char *name,
                  size_t most);

/* Writes a horizontal interval, or nothing where it is unknown. */
void ipm_html_whisker(FILE *out, const struct ipm_html_axis *axis, double low,
                      double high, double y);

/* Opens the row of a series in a table. */
void ipm_html_series_row(FILE *out, size_t series, const char *name);

#endif
