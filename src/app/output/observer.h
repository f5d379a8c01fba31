/* observer.h - who is told of a run while it goes on: the progress line and the documents that
 * grow. */
#ifndef IPM_APP_OUTPUT_OBSERVER_H
#define IPM_APP_OUTPUT_OBSERVER_H

#include "app/output/live.h"
#include "app/output/progress.h"

struct ipm_executor;

struct ipm_observer {
    struct ipm_progress_line line;
    struct ipm_live live;
};

/* Has the executor tell them. */
void ipm_observer_attach(struct ipm_observer *watch, struct ipm_executor *executor);

#endif
