/* child.h - the life of a child of a trial. */
#ifndef IPM_RUN_TRIAL_CHILD_H
#define IPM_RUN_TRIAL_CHILD_H

#include "run/trial/peers.h"

/* The argument of ipm_child_live. */
struct ipm_child_start {
    const struct ipm_peers *peers;
    struct ipm_link *link;
    struct ipm_timings *timings; /* shared with the parent; NULL where none is needed */
    const int *gate; /* a pipe: its end-of-file starts the senders; or -1, -1 */
    unsigned which;
};

/* For ipm_spawn. Runs a child, which attaches, measures, and reports over its control
 * channel. Returns its exit status. */
int ipm_child_live(void *start);

#endif
