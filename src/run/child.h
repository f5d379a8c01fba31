/* child.h - the life of the child of a trial. */
#ifndef IPM_CHILD_H
#define IPM_CHILD_H

#include "run/trial.h"
#include "transports/transport.h"

#include <signal.h>
#include <sys/types.h>

/* Called in the child just after fork, with all signals blocked; `mask` is what to go back
 * to. control is {parent's, child's}. Never prints, never returns: speaks over control and
 * leaves by _exit. Dies with its parent. */
_Noreturn void ipm_child_run(const struct ipm_trial_config *config, struct ipm_link *link,
                             const int control[2], pid_t parent, const sigset_t *mask);

#endif
