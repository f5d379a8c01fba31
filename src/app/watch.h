/* watch.h - who is told of a run while it goes on: the progress line and the documents that
 * grow. */
#ifndef IPM_WATCH_H
#define IPM_WATCH_H

#include "app/live.h"
#include "app/progress.h"

struct ipm_executor;

struct ipm_watch {
    struct ipm_progress_line line;
    struct ipm_live live;
};

/* Has the executor tell them. */
void ipm_watch_attach(struct ipm_watch *watch, struct ipm_executor *executor);

#endif
