/* plot.h - what all drawings have in common: axes, which map values to places, and figures with a
 * heading, a text description and a table of the values. */
#ifndef IPM_REPORTS_HTML_PLOT_H
#define IPM_REPORTS_HTML_PLOT_H

#include "reports/columns/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { IPM_HTML_TICKS_MOST = 64 };

struct ipm_html_axis {
    const char *name;                        /* with its unit */
    struct ipm_cell (*format)(double value); /* of units */
    const struct ipm_cell *words; /* instead, of the values 0, 1, ...; or NULL */
    bool logarithmic;
    double unit; /* ticks are round multiples of it; 0: not rounded, and the unit is 1 */
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

/* Adds a tick in ascending order, unless it is there already or there are too many. */
void ipm_html_axis_tick(struct ipm_html_axis *axis, double value);

/* Returns a value in units. */
struct ipm_cell ipm_html_axis_word(const struct ipm_html_axis *axis, double value);

/* Returns the place of a value in the drawing. */
double ipm_html_axis_place(const struct ipm_html_axis *axis, double value);

/* In units of the picture, which is scaled to the available width; on a phone, and where no
 * style sheet is permitted, a unit is about a pixel. All that a picture needs to be right is in
 * attributes: the style sheet only adapts it to the screen. */
enum {
    IPM_HTML_WIDTH = 360,
    IPM_HTML_LINE = 15,  /* distance of lines of text */
    IPM_HTML_LETTER = 8, /* width of a wide letter */
    IPM_HTML_NAME_MOST = 15,
};

struct ipm_html_figure {
    size_t number; /* unique on the page */
    char title[IPM_TITLE_BYTES];
    struct ipm_cell pattern;        /* for the caption of its table, or "" */
    const char *description;        /* how to read it; a sentence or more */
    char note[2 * IPM_TITLE_BYTES]; /* what is seen in it, or "" */
    double height;
    struct ipm_cell class; /* of the placement: ipm_html_place_class, or "" */
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

/* Writes a name in a picture, cut to `most` characters. `anchor`: start, middle or end. */
void ipm_html_who(FILE *out, const char *anchor, double x, double y, const char *name,
                  size_t most);

/* Writes the value of a row, which ends at the right edge of the picture. */
void ipm_html_value(FILE *out, double y, const char *value);

/* Opens the group of what has that colour: lines are drawn, areas are not filled. */
void ipm_html_ink_open(FILE *out, const char *class, const char *color,
                       const char *title);

/* Writes a horizontal interval, or nothing where it is unknown. */
void ipm_html_whisker(FILE *out, const struct ipm_html_axis *axis, double low,
                      double high, double y);

#endif
