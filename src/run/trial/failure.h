/* failure.h - of all that is known after a failed trial, the words that explain most. */
#ifndef IPM_RUN_TRIAL_FAILURE_H
#define IPM_RUN_TRIAL_FAILURE_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct ipm_failure {
    const char *who;  /* the words for the child, or NULL for "the child" */
    int failed;       /* what the trial gave, or 0 when only the child's end was bad */
    int status;       /* of the child, as wait(2) gives it */
    bool child_gone;  /* it had ended by itself, before it was killed */
    bool stopped;     /* by a signal (SIGSTOP) */
    bool interrupted; /* by the user */
    bool expired;     /* the watchdog has expired */
    uint64_t timeout_ns;
    const char *phase;          /* "in the window" */
    const struct ipm_err *seen; /* the first words, the child's own where it left some */
};

/* Words the failure. Returns its negative errno: -EINTR, -ECHILD, -ETIMEDOUT or what was
 * seen. What was merely interrupted (seen->code is -EINTR) explains nothing. */
int ipm_failure(const struct ipm_failure *facts, struct ipm_err *err);

#endif
