/* run_judge.c - how a command ends that has measured. */
#include "app/commands/run_judge.h"

#include "base/err.h"
#include "model/report/report.h"

#include <errno.h>

/* Returns how many cases have the status, and the first of them. */
static size_t judge_find(const struct ipm_report *report, enum ipm_case_status status,
                         const struct ipm_case **ret_first) {
    size_t count = 0;
    for (size_t i = report->case_count; i-- > 0;) {
        if (report->cases[i].status != status)
            continue;
        count++;
        *ret_first = &report->cases[i];
    }
    return count;
}

enum ipm_exit ipm_run_judge(const struct ipm_report *report, struct ipm_err *err) {
    if (report->run.status == IPM_RUN_INTERRUPTED) {
        ipm_err_set(err, -EINTR, "interrupted, the report is partial");
        return IPM_EXIT_STOPPED;
    }
    const struct ipm_case *first = NULL;
    const size_t failed = judge_find(report, IPM_CASE_FAILED, &first);
    if (failed > 0)
        ipm_err_set(err, -EIO, "%zu of %zu cases failed; the first, '%s': %.200s", failed,
                    report->case_count, first->config.name, first->reason);
    if (err->code != 0)
        return IPM_EXIT_BAD;
    if (report->case_count == 0 ||
        judge_find(report, IPM_CASE_SKIPPED, &first) < report->case_count)
        return IPM_EXIT_FINE;
    ipm_err_set(err, -ENODATA,
                "nothing was measured: %zu of %zu cases skipped; the "
                "first, '%s': %.200s",
                report->case_count, report->case_count, first->config.name,
                first->reason);
    return IPM_EXIT_UNDECIDED;
}
