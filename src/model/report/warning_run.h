/* warning_run.h - the rules of warnings about the run as a whole, for the table. */
#ifndef IPM_MODEL_REPORT_WARNING_RUN_H
#define IPM_MODEL_REPORT_WARNING_RUN_H

#include "model/report/warning.h"

struct ipm_host;

/* Whether the CPU quota is too small for two ends that never wait, or was used up. */
bool ipm_warning_is_limited(const struct ipm_host *host);

bool ipm_warning_run_unused(const struct ipm_report *report, struct ipm_strbuf *message);
bool ipm_warning_run_governor(const struct ipm_report *report,
                              struct ipm_strbuf *message);
bool ipm_warning_run_load(const struct ipm_report *report, struct ipm_strbuf *message);
bool ipm_warning_run_steal(const struct ipm_report *report, struct ipm_strbuf *message);
bool ipm_warning_run_clocksource(const struct ipm_report *report,
                                 struct ipm_strbuf *message);
bool ipm_warning_run_quota(const struct ipm_report *report, struct ipm_strbuf *message);
bool ipm_warning_run_few_cpus(const struct ipm_report *report,
                              struct ipm_strbuf *message);
bool ipm_warning_run_few_rounds(const struct ipm_report *report,
                                struct ipm_strbuf *message);
bool ipm_warning_run_build(const struct ipm_report *report, struct ipm_strbuf *message);

#endif
