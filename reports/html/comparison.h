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
void ipm_html_forests(FILE *out, const struct ipm_comparison *comparison, bool same,
                      size_t *figures);

#endif
