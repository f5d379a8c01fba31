/* ending.c - how a run ended, in words. */
#include "reports/common/ending.h"

#include "model/report/report.h"

#include <stddef.h>

const char *ipm_report_ending(const struct ipm_report *report) {
    if (report->error[0] != '\0')
        return report->error;
    if (report->run.status == IPM_RUN_INTERRUPTED)
        return "the run was interrupted before its end";
    return report->run.status == IPM_RUN_FAILED ? "the run failed" : NULL;
}
