/* series.h - the series of a page: each has a name and the same colour, marker and dash in
 * every drawing, so that colour is never the only cue. */
#ifndef IPM_REPORTS_HTML_SERIES_H
#define IPM_REPORTS_HTML_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct ipm_report;

enum {
    IPM_HTML_COLORS = 8,  /* classes c0 to c7 */
    IPM_HTML_MARKERS = 8, /* shapes m0 to m7 of the frame */
    IPM_HTML_SERIES_BYTES = 128,
};

struct ipm_html_series {
    size_t count;
    char (*names)[IPM_HTML_SERIES_BYTES];
    size_t *of_case; /* the series of each case of the report */
    bool one_server; /* the only server, left out of the names */
};

/* Names the cases of a report by transport, and by congestion control and server where they
 * have one. Returns 0 or -ENOMEM; call ipm_html_series_done either way. */
int ipm_html_series_of(struct ipm_html_series *ret_series,
                       const struct ipm_report *report);
void ipm_html_series_done(struct ipm_html_series *series);

/* Opens the marker (<use>) of a series at a place of a drawing; it may hold a title. */
void ipm_html_marker_open(FILE *out, size_t number, double x, double y);

/* Opens the group (<g>) of a series in a drawing, with its name for the pointer. */
void ipm_html_group_open(FILE *out, const struct ipm_html_series *series, size_t number);

/* Opens the line (<path>) of a series at its data. */
void ipm_html_line_open(FILE *out, size_t number);

/* Opens the row of a series in a table. */
void ipm_html_series_row(FILE *out, const struct ipm_html_series *series, size_t number);

/* Writes a small drawing of line and marker for use before the name. */
void ipm_html_swatch(FILE *out, size_t number);

/* Writes a check box for each series, which dims all others in every drawing, and its style
 * rules. No script is involved. */
void ipm_html_series_boxes(FILE *out, const struct ipm_html_series *series);
void ipm_html_series_rules(FILE *out, const struct ipm_html_series *series);

#endif
