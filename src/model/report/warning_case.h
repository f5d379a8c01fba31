/* warning_case.h - the rules of warnings about single cases, for the table. */
#ifndef IPM_MODEL_REPORT_WARNING_CASE_H
#define IPM_MODEL_REPORT_WARNING_CASE_H

#include "model/report/warning.h"

/* Whether the case was measured without --pin. */
bool ipm_warning_case_unpinned(const struct ipm_case *c);

/* As `concerns` of struct ipm_warning_rule. */
ipm_warning_concern ipm_warning_case_one_cpu, ipm_warning_case_migrated,
    ipm_warning_case_wide_interval, ipm_warning_case_saturated, ipm_warning_case_short,
    ipm_warning_case_loss, ipm_warning_case_damage, ipm_warning_case_stopped,
    ipm_warning_case_contended, ipm_warning_case_buffer, ipm_warning_case_congestion;

#endif
