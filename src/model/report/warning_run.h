/* warning_run.h - the rules of warnings about the run as a whole, for the table. */
#ifndef IPM_MODEL_REPORT_WARNING_RUN_H
#define IPM_MODEL_REPORT_WARNING_RUN_H

#include "model/report/warning.h"

struct ipm_host;

/* Whether the CPU quota is too small for two ends that never wait, or was used up. */
bool ipm_warning_is_limited(const struct ipm_host *host);

ipm_warning_look ipm_warning_run_unused, ipm_warning_run_governor, ipm_warning_run_load,
    ipm_warning_run_steal, ipm_warning_run_clocksource, ipm_warning_run_quota,
    ipm_warning_run_few_cpus, ipm_warning_run_few_rounds, ipm_warning_run_build;

#endif
