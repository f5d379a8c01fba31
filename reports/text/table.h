/* table.h - the cases of a report as a table that fits a width. */
#ifndef IPM_REPORTS_TEXT_TABLE_H
#define IPM_REPORTS_TEXT_TABLE_H

struct ipm_report;
struct ipm_text_pen;

/* Writes a section for each pattern: headings, then a block for each group of cases that
 * differ only in transport and server. */
void ipm_text_table(struct ipm_text_pen *pen, const struct ipm_report *report);

#endif
