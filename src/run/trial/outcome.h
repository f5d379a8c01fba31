/* outcome.h - makes one sample of what the sides of a trial measured. */
#ifndef IPM_RUN_TRIAL_OUTCOME_H
#define IPM_RUN_TRIAL_OUTCOME_H

#include "run/trial/control.h"
#include "run/trial/trial.h"

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
};

/* Fills the sample. Returns 0 or -ENOMEM; ret_sample owns nothing after an error. */
int ipm_outcome_sample(const struct ipm_outcome *outcome, struct ipm_sample *ret_sample);

/* Fills the facts of the parent and the first child. */
void ipm_outcome_facts(const struct ipm_outcome *outcome,
                       struct ipm_trial_facts *ret_facts);

/* Adds a trial that ran at the same time: the window is from the first start to the last end. Flows
 * and latencies are not added. */
void ipm_outcome_add(struct ipm_sample *sum, const struct ipm_sample *more);

#endif
