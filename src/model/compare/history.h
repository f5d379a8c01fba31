/* history.h - the runs of one machine with the same settings, in the order of time. */
#ifndef IPM_MODEL_COMPARE_HISTORY_H
#define IPM_MODEL_COMPARE_HISTORY_H

#include "model/compare/comparison.h"
#include "model/report/report.h"

#include <stddef.h>

enum { IPM_HISTORY_MOST = 60 };

/* Refers to the reports of the caller. */
struct ipm_history {
    size_t count;
    const struct ipm_report *runs[IPM_HISTORY_MOST]; /* the newest is the last */
    size_t unlike; /* left out: of another machine or other settings than the newest */
    size_t older;  /* left out: comparable, but there are too many */

    /* Of the newest run with those before it; NULL: nothing was compared. */
    const struct ipm_comparison *change;
};

/* Returns the last runs that are comparable with the newest of the reports, by the times at which
 * they began; each once. */
struct ipm_history ipm_history_of(const struct ipm_report *reports, size_t count);

/* Compares the newest run with those before it, as `ipcmark gate` does: each by its primary metric.
 * Without others there are no results. Returns 0 or -ENOMEM; call ipm_comparison_done either way. */
int ipm_history_compare(const struct ipm_history *history,
                        struct ipm_comparison *ret_comparison);

#endif
