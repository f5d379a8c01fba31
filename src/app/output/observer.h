/* observer.h - what observes a run: the progress line and the documents that are written while
 * the run goes on. */
#ifndef IPM_APP_OUTPUT_OBSERVER_H
#define IPM_APP_OUTPUT_OBSERVER_H

#include "app/output/live.h"
#include "app/output/progress.h"

struct ipm_executor;

struct ipm_observer {
    struct ipm_progress_line line;
    struct ipm_live live;
};

/* Makes the executor call the observer, which must outlive the run. */
void ipm_observer_attach(struct ipm_observer *observer, struct ipm_executor *executor);

#endif
