/* trial.h - one trial: open, fork, attach, window, reap -> one sample or one error.
 *
 * Forks one child, which is the receiver; the caller is the parent and the sender. When
 * the call returns there is no child, no descriptor and no name left of it, whatever
 * happened. Blocks for at most timeout_ns and a little. */
#ifndef IPM_RUN_TRIAL_TRIAL_H
#define IPM_RUN_TRIAL_TRIAL_H

#include "base/facts.h"
#include "model/report/sample.h"
#include "run/trial_config.h"

#include <stddef.h>
#include <stdint.h>

struct ipm_err;

/* What a trial says beside its sample: who the ends were and what the kernel gave. */
struct ipm_trial_facts {
    struct ipm_facts endpoint[IPM_ROLES];
    struct ipm_facts settings[IPM_ROLES];
};

/* The largest buffer that a call of send is given: of a byte stream a batch with its framing.
 * SIZE_MAX when there is no such number. */
size_t ipm_trial_call_bytes(const struct ipm_trial_config *config);

/* Errors: what the transport said; -ETIMEDOUT (the watchdog), -ECHILD (the child died:
 * the words say how and when), -EINTR (the user wants to stop: stop.h). On success
 * ret_facts is filled when it is not NULL. */
int ipm_trial_run(const struct ipm_trial_config *config, struct ipm_sample *ret_sample,
                  struct ipm_trial_facts *ret_facts, struct ipm_err *err);

#endif
