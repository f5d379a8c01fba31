/* test_reports_lines.h - what every text table has to keep to, whatever is in it. */
#ifndef IPM_TEST_REPORTS_LINES_H
#define IPM_TEST_REPORTS_LINES_H

#include "reports/renderer.h"

/* The report in that format; the caller frees it. */
char *ipm_test_render(const char *format, const struct ipm_report *report,
                      struct ipm_render_options options);

/* The report as the table for a person; the caller frees it. */
char *ipm_lines_render(const struct ipm_report *report,
                       struct ipm_render_options options);

/* Fails unless every line fits into the columns, ends in no space and steers no terminal.
 * Takes text to pieces. */
void ipm_lines_look(char *text, unsigned columns);

#endif
