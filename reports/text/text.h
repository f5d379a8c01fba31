/* text.h - the parts of the text report, in their order. */
#ifndef IPM_REPORTS_TEXT_TEXT_H
#define IPM_REPORTS_TEXT_TEXT_H

#include "model/choose/choice.h"
#include "model/choose/explanation.h"
#include "model/merge/merge.h"
#include "model/report/warning.h"
#include "reports/renderer.h"

#include <stdio.h>

struct ipm_text_pen;

/* Writes the machine and the settings. */
void ipm_text_heading(struct ipm_text_pen *pen, const struct ipm_report *report);

/* Writes the lines below the table: the fastest cases, the reference measurements, where the
 * ends ran, what was lost, those warnings, and how the run ended. */
void ipm_text_notes(struct ipm_text_pen *pen, const struct ipm_report *report,
                    enum ipm_warnings_shown warnings);

/* The other documents. */
ipm_render ipm_comparison_text, ipm_choice_text, ipm_explanation_text, ipm_merge_text,
    ipm_checkup_text;

#endif
