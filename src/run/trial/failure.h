/* failure.h - chooses the message that best explains a failed trial. */
#ifndef IPM_RUN_TRIAL_FAILURE_H
#define IPM_RUN_TRIAL_FAILURE_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct ipm_failure {
    const char *who;  /* the name of the child, or NULL for "the child" */
    int failed;       /* what the trial returned; 0: only the child failed */
    int status;       /* of the child, as wait(2) gives it */
    bool child_gone;  /* it ended by itself, before it was killed */
    bool stopped;     /* by a signal (SIGSTOP) */
    bool interrupted; /* by the user */
    bool expired;     /* the watchdog has expired */
    uint64_t timeout_ns;
    const char *phase;          /* "in the window" */
    const struct ipm_err *seen; /* the first message, the child's own if it sent one */
};

/* Fills err. Returns its negative errno: -EINTR, -ECHILD, -ETIMEDOUT or that of
 * `seen`. A call that was only interrupted (seen->code is -EINTR) explains nothing. */
int ipm_failure(const struct ipm_failure *facts, struct ipm_err *err);

#endif
