/* plot.h - what all drawings of a page share: a figure with its heading, the picture with
 * its words for those who do not see it, axes. Must not know what is drawn. */
#ifndef IPM_REPORTS_HTML_PLOT_H
#define IPM_REPORTS_HTML_PLOT_H

#include "reports/html/axis.h"

#include <stddef.h>
#include <stdio.h>

/* In units of the picture, which is scaled to the width there is: on a phone 1 is about a
 * pixel. */
enum { IPM_HTML_WIDTH = 420, IPM_HTML_LINE = 13, IPM_HTML_NAME_MOST = 15 };

struct ipm_html_figure {
    size_t number;           /* unique on the page */
    const char *title;       /* what is shown, and of what */
    const char *description; /* how to read it; a sentence or more */
    double height;
};

/* Heading, and the picture opened; close, and what follows is the figure's table. */
void ipm_html_figure_open(FILE *out, const struct ipm_html_figure *figure);
void ipm_html_picture_close(FILE *out);

/* The table in a box of its own, with as many headings as the caller likes. */
void ipm_html_data_open(FILE *out, const struct ipm_html_figure *figure);
void ipm_html_data_close(FILE *out);

/* Closes the figure. */
void ipm_html_figure_close(FILE *out);

/* Grid, ticks and name of an axis along the bottom (the grid up to the place `top`) and along
 * the left side (the grid up to the place `right`). */
void ipm_html_axis_bottom(FILE *out, const struct ipm_html_axis *axis, double top,
                          double bottom);
void ipm_html_axis_left(FILE *out, const struct ipm_html_axis *axis, double left,
                        double right);

/* Opens the group of a series, with its name for the pointer. */
void ipm_html_group_open(FILE *out, size_t series, const char *name);
void ipm_html_group_close(FILE *out);

/* A header cell of a column, or of a row. */
void ipm_html_column(FILE *out, const char *name);
void ipm_html_row(FILE *out, size_t series, const char *name);

/* The latter of what has no series. */
void ipm_html_row_named(FILE *out, const char *name);

/* A cell that holds a number. */
void ipm_html_cell(FILE *out, const char *text);

#endif
