/* text.h - the parts of the text report, in their order. */
#ifndef IPM_REPORTS_TEXT_TEXT_H
#define IPM_REPORTS_TEXT_TEXT_H

#include "model/report/warning.h"

struct ipm_report;
struct ipm_text_pen;

/* Writes the machine and the settings. */
void ipm_text_heading(struct ipm_text_pen *pen, const struct ipm_report *report);

/* Writes the lines below the table: the fastest cases, the reference measurements, where the
 * ends ran, what was lost, those warnings, and how the run ended. */
void ipm_text_notes(struct ipm_text_pen *pen, const struct ipm_report *report,
                    enum ipm_warnings_shown warnings);

#endif
