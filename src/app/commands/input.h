/* input.h - reads a stored report. */
#ifndef IPM_APP_COMMANDS_INPUT_H
#define IPM_APP_COMMANDS_INPUT_H

struct ipm_err;
struct ipm_report;

/* Reads the report in that file ("-": standard input) and derives its statistics. Returns
 * 0 or a negative errno. Call ipm_report_done afterwards, also on error. */
int ipm_input_read(struct ipm_report *report, const char *name, struct ipm_err *err);

/* The same without statistics and warnings: a comparison looks at the trials alone. */
int ipm_input_read_trials(struct ipm_report *report, const char *name,
                          struct ipm_err *err);

#endif
