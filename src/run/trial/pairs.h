/* pairs.h - several trials at once: pairs of a parent end and a child, each pair over a link of its
 * own. */
#ifndef IPM_RUN_TRIAL_PAIRS_H
#define IPM_RUN_TRIAL_PAIRS_H

#include "run/trial/trial.h"

/* Runs config->settings->pairs trials at once, each in a process of its own, and adds up what they
 * measured: the window is from the first start to the last end, and each pair is a flow. All begin
 * when all are ready. The arguments and the result are those of ipm_trial_run. */
int ipm_pairs_run(const struct ipm_trial_config *config, struct ipm_sample *ret_sample,
                  struct ipm_trial_facts *ret_facts, struct ipm_err *err);

#endif
