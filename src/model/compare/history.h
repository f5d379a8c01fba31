/* history.h - the runs of one machine with the same settings, in the order of time. */
#ifndef IPM_MODEL_COMPARE_HISTORY_H
#define IPM_MODEL_COMPARE_HISTORY_H

#include "model/report/report.h"

#include <stddef.h>

enum { IPM_HISTORY_MOST = 60 };

/* Refers to the reports of the caller. */
struct ipm_history {
    size_t count;
    const struct ipm_report *runs[IPM_HISTORY_MOST]; /* the newest is the last */
    size_t unlike; /* left out: of another machine or other settings than the newest */
    size_t older;  /* left out: comparable, but there are too many */
};

/* Returns the last runs that are comparable with the newest of the reports, by the times at which
 * they began; each once. */
struct ipm_history ipm_history_of(const struct ipm_report *reports, size_t count);

#endif
