/* input.h - reads stored reports: one, or several at a time. */
#ifndef IPM_APP_COMMANDS_INPUT_H
#define IPM_APP_COMMANDS_INPUT_H

#include <stddef.h>

struct ipm_err;
struct ipm_report;

/* Reads the report in that file ("-": standard input) and derives its statistics. Returns
 * 0 or a negative errno. Call ipm_report_done afterwards, also on error. */
int ipm_input_read(struct ipm_report *report, const char *name, struct ipm_err *err);

/* The same without statistics and warnings: a comparison looks at the trials alone. */
int ipm_input_read_trials(struct ipm_report *report, const char *name,
                          struct ipm_err *err);

/* Reads reports, which must be zeroed, by one of these functions. Two threads share regular
 * files; others are read in their order, as opening a FIFO waits for its writer. Returns 0 or
 * the error of the first file that has one. Call ipm_report_done for all, also on error. */
int ipm_input_read_each(struct ipm_report *reports, const char *const *names,
                        size_t count,
                        int (*read)(struct ipm_report *report, const char *name,
                                    struct ipm_err *err),
                        struct ipm_err *err);

#endif
