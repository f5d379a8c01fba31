/* run_sweep.h - `run --rate sweep --target`. */
#ifndef IPM_APP_COMMANDS_RUN_SWEEP_H
#define IPM_APP_COMMANDS_RUN_SWEEP_H

struct ipm_err;
struct ipm_option;
struct ipm_options;

/* The setter of '--target', into a struct ipm_run_request: "p99=100us". */
int ipm_run_sweep_set_target(const struct ipm_option *option, void *target,
                             const char *value, struct ipm_err *err);

/* Replaces 'sweep' by the rates that come first. Returns 0, or -EINVAL: the options do not fit
 * together. */
int ipm_run_sweep_settle(struct ipm_options *options, struct ipm_err *err);

#endif
