/* outcome.h - makes one sample of what the sides of a trial measured, or chooses the message that best
 * explains why there is none. */
#ifndef IPM_RUN_TRIAL_OUTCOME_H
#define IPM_RUN_TRIAL_OUTCOME_H

#include "base/err.h"
#include "run/trial/control.h"
#include "run/trial/trial.h"

#include <stdbool.h>
#include <stdint.h>

struct ipm_service_client;

struct ipm_outcome {
    const struct ipm_trial_config *config;
    const struct ipm_window *parent;
    const struct ipm_window *children;
    unsigned child_count;
    const struct ipm_service_client *clients; /* of a server, one per child; or NULL */
    struct ipm_timings *timings;              /* the first becomes the sum; or NULL */
    unsigned timing_count;
    uint64_t setup_ns;
    double null_syscall_ns; /* as in struct ipm_sample */
};

/* Fills the sample. Returns 0 or -ENOMEM; ret_sample owns nothing after an error. */
int ipm_outcome_sample(const struct ipm_outcome *outcome, struct ipm_sample *ret_sample);

/* Fills the facts of the parent and the first child. */
void ipm_outcome_facts(const struct ipm_outcome *outcome,
                       struct ipm_trial_facts *ret_facts);

/* Adds a trial that ran at the same time: the window is from the first start to the last end. Flows
 * and latencies are not added. */
void ipm_outcome_add(struct ipm_sample *sum, const struct ipm_sample *more);

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
