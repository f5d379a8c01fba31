/* child.h - the life of a child of a trial. */
#ifndef IPM_RUN_TRIAL_CHILD_H
#define IPM_RUN_TRIAL_CHILD_H

#include "run/trial/peers.h"

/* What the child finds at its birth. */
struct ipm_child_start {
    const struct ipm_peers *peers;
    struct ipm_link *link;
    struct ipm_histogram *latency; /* shared with the parent; NULL where none is needed */
    const int *gate; /* a pipe, at whose end all children that send start; or -1, -1 */
    unsigned which;
};

/* For ipm_spawn, which forks: takes its part in the trial, speaking over its control channel
 * only. Returns its exit status. */
int ipm_child_live(void *start);

#endif
