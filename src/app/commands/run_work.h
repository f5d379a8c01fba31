/* run_work.h - `run --work`. */
#ifndef IPM_APP_COMMANDS_RUN_WORK_H
#define IPM_APP_COMMANDS_RUN_WORK_H

struct ipm_err;
struct ipm_option;

/* The setter of '--work', into a struct ipm_case_config: "1us:2us,touch". */
int ipm_run_work_set(const struct ipm_option *option, void *target, const char *value,
                     struct ipm_err *err);

#endif
