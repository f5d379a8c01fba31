/* trial.h - one trial of a default case, which a test changes and runs. */
#ifndef IPM_TESTS_SUPPORT_TRIAL_H
#define IPM_TESTS_SUPPORT_TRIAL_H

#include "run/trial/trial.h"

/* May be copied: trial.settings is set by ipm_test_trial_config alone. */
struct ipm_test_trial {
    struct ipm_case_config settings;
    struct ipm_trial_config trial;
};

/* 64 KiB a call of recv or the message, one client, not pinned, 20 s; no server. */
struct ipm_test_trial ipm_test_trial_make(const struct ipm_transport *transport,
                                          const char *pattern, uint64_t message_bytes,
                                          uint64_t messages);

/* What the product is given; points into `test`. */
struct ipm_trial_config ipm_test_trial_config(const struct ipm_test_trial *test);

/* As ipm_trial_run. */
int ipm_test_trial_run(const struct ipm_test_trial *test, struct ipm_sample *ret_sample,
                       struct ipm_trial_facts *ret_facts, struct ipm_err *err);

#endif
