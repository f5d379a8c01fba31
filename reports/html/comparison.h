/* comparison.h - the parts of the page of a comparison. For comparison*.c of this folder
 * only. */
#ifndef IPM_REPORTS_HTML_COMPARISON_H
#define IPM_REPORTS_HTML_COMPARISON_H

#include "model/compare/comparison.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* html/comparison_forest.c: writes a drawing for each metric with a row for each unchanged
 * result, or for each other one. `figures` counts the drawings of the page. */
void ipm_comparison_forests(FILE *out, const struct ipm_comparison *comparison, bool same,
                            size_t *figures);

/* html/comparison_tables.c: writes a table of the unchanged results, or of the others,
 * worst first. */
void ipm_comparison_html_figures(FILE *out, const struct ipm_comparison *comparison,
                                 bool same);

/* The rest of the page; each writes nothing where there is nothing to show. */
void ipm_comparison_html_differences(FILE *out, const struct ipm_comparison *comparison);
void ipm_comparison_html_unmatched(FILE *out, const struct ipm_comparison *comparison);
void ipm_comparison_html_runs(FILE *out, const struct ipm_comparison *comparison);

#endif
