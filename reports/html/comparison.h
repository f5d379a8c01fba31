/* comparison.h - what the files that write the page of a comparison ask of one another.
 * For comparison_html*.c alone. */
#ifndef IPM_REPORTS_HTML_COMPARISON_H
#define IPM_REPORTS_HTML_COMPARISON_H

#include "model/compare/comparison.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* html/comparison_forest.c: a drawing for each metric, with a row for each figure that is the
 * same, or is not: its interval, around no change. `figures` counts the drawings of the page. */
void ipm_comparison_forests(FILE *out, const struct ipm_comparison *comparison, bool same,
                            size_t *figures);

/* html/comparison_tables.c: the figures that are the same, or are not, worst first. */
void ipm_comparison_html_figures(FILE *out, const struct ipm_comparison *comparison,
                                 bool same);

/* The rest of the page; each writes nothing where there is nothing to say. */
void ipm_comparison_html_differences(FILE *out, const struct ipm_comparison *comparison);
void ipm_comparison_html_unmatched(FILE *out, const struct ipm_comparison *comparison);
void ipm_comparison_html_runs(FILE *out, const struct ipm_comparison *comparison);

#endif
