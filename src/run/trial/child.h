/* child.h - the life of the child of a trial. */
#ifndef IPM_RUN_TRIAL_CHILD_H
#define IPM_RUN_TRIAL_CHILD_H

struct ipm_link;
struct ipm_trial_config;

/* What the child finds at its birth. */
struct ipm_child_start {
    const struct ipm_trial_config *config;
    struct ipm_link *link;
    const int *control; /* {parent's, child's} */
};

/* For ipm_spawn, which forks: takes its part in the trial, speaking over control only.
 * Returns its exit status. */
int ipm_child_live(void *start);

#endif
