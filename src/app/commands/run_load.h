/* run_load.h - the options of a load: '--work', and '--target' of '--rate sweep'. */
#ifndef IPM_APP_COMMANDS_RUN_LOAD_H
#define IPM_APP_COMMANDS_RUN_LOAD_H

struct ipm_err;
struct ipm_option;
struct ipm_options;

/* The setter of '--target', into a struct ipm_run_request: "p99=100us". */
int ipm_run_load_set_target(const struct ipm_option *option, void *target,
                            const char *value, struct ipm_err *err);

/* Replaces 'sweep' by the rates that come first. Returns 0, or -EINVAL: the options do not fit
 * together. */
int ipm_run_load_settle(struct ipm_options *options, struct ipm_err *err);

/* The setter of '--work', into a struct ipm_case_config: "1us:2us,touch". */
int ipm_run_load_set_work(const struct ipm_option *option, void *target,
                          const char *value, struct ipm_err *err);

#endif
