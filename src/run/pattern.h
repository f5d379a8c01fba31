/* pattern.h - who sends what to whom inside the window.
 *
 * A pattern is one .c file in patterns/ and one row of patterns.def. */
#ifndef IPM_PATTERN_H
#define IPM_PATTERN_H

#include "model/plan.h"

struct ipm_err;
struct ipm_pump;
struct ipm_sample;
struct ipm_trial_config;
struct ipm_trial_facts;

struct ipm_pattern {
    struct ipm_kind kind; /* the word on the command line: "stream"; what it does */
    const char *summary;  /* one line for `ipcmark list patterns`, no full stop */

    /* Runs one trial: ipm_trial_run, or ipm_fan_run for many clients. */
    int (*trial)(const struct ipm_trial_config *config, struct ipm_sample *ret_sample,
                 struct ipm_trial_facts *ret_facts, struct ipm_err *err);

    /* The measured window of each side: fills the pump's counts. Hot: no allocation, no
     * log. Returns 0 or a negative errno. */
    int (*parent)(struct ipm_pump *pump);
    int (*child)(struct ipm_pump *pump);
};

/* In the order of patterns.def; ends with NULL. */
extern const struct ipm_pattern *const ipm_patterns[];

/* The pattern of that name, or NULL. */
const struct ipm_pattern *ipm_pattern_find(const char *name);

#endif
