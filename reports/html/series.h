/* series.h - what is told apart in the drawings of a page: a name each, and with it the
 * same colour, marker and dash everywhere on the page, so that colour is never the only cue. */
#ifndef IPM_REPORTS_HTML_SERIES_H
#define IPM_REPORTS_HTML_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct ipm_report;

enum {
    IPM_HTML_COLORS = 8,  /* classes c0 to c7 of the style sheet */
    IPM_HTML_MARKERS = 8, /* shapes m0 to m7 of the frame */
    IPM_HTML_DASHES = 5,  /* classes d0 to d4 */
    IPM_HTML_SERIES_BYTES = 128,
};

struct ipm_html_series {
    size_t count;
    char (*names)[IPM_HTML_SERIES_BYTES];
    size_t *of_case; /* which one each case of the report is */
    bool one_server; /* of all: names do not tell it */
};

/* Names the cases of a report by transport, and by congestion control and server where they
 * have one. Returns 0 or -ENOMEM; ipm_html_series_done either way. */
int ipm_html_series_of(struct ipm_html_series *ret_series,
                       const struct ipm_report *report);
void ipm_html_series_done(struct ipm_html_series *series);

/* The marker of a series at a place of a drawing, without what stands in it (a title). */
void ipm_html_marker_begin(FILE *out, size_t number, double x, double y);
void ipm_html_marker_end(FILE *out);

/* The classes of a series' group. */
void ipm_html_series_class(FILE *out, size_t number);

/* A small drawing of line and marker, to stand before the name. */
void ipm_html_swatch(FILE *out, size_t number);

/* A box for each series that dims all others in every drawing while it is ticked, and the
 * style rules by which it does so: no script takes part. */
void ipm_html_series_boxes(FILE *out, const struct ipm_html_series *series);
void ipm_html_series_rules(FILE *out, const struct ipm_html_series *series);

#endif
