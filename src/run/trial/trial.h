/* trial.h - one trial: open, fork, attach, window, reap.
 *
 * Forks one child, which is the receiver, or many clients, which send; the caller is
 * the parent. When the call returns, no child, descriptor or name of the trial is
 * left. Blocks for little more than timeout_ns. */
#ifndef IPM_RUN_TRIAL_TRIAL_H
#define IPM_RUN_TRIAL_TRIAL_H

#include "base/facts.h"
#include "model/report/sample.h"
#include "run/trial_config.h"

#include <stddef.h>

/* What a trial reports besides its sample: the endpoints and the effective settings. */
struct ipm_trial_facts {
    struct ipm_facts endpoint[IPM_ROLES];
    struct ipm_facts settings[IPM_ROLES];
};

/* Returns the largest buffer that a call of send is given: for a byte stream a batch
 * with its framing. SIZE_MAX when the size overflows. */
size_t ipm_trial_call_bytes(const struct ipm_trial_config *config);

/* Runs one trial. Returns 0 or a negative errno: that of the transport, -ETIMEDOUT
 * (the watchdog), -ECHILD (the child died; err says how and when), -EINTR (the user
 * wants to stop: stop.h). On success ret_facts is filled when it is not NULL. */
int ipm_trial_run(const struct ipm_trial_config *config, struct ipm_sample *ret_sample,
                  struct ipm_trial_facts *ret_facts, struct ipm_err *err);

/* Runs config->settings->pairs trials at once, each in a process of its own, and adds up what they
 * measured: the window is from the first start to the last end, and each pair is a flow. All begin
 * when all are ready. The arguments and the result are those of ipm_trial_run. */
int ipm_pairs_run(const struct ipm_trial_config *config, struct ipm_sample *ret_sample,
                  struct ipm_trial_facts *ret_facts, struct ipm_err *err);

#endif
