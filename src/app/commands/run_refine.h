/* run_refine.h - `run --find-crossovers`: adds message sizes around crossovers. */
#ifndef IPM_APP_COMMANDS_RUN_REFINE_H
#define IPM_APP_COMMANDS_RUN_REFINE_H

#include "app/commands/run_options.h"

struct ipm_plan;

/* Measures a plan with the options of the request into an initialised report. */
typedef int ipm_run_measure(struct ipm_report *report, struct ipm_run_request *request,
                            struct ipm_plan *plan, struct ipm_err *err);

/* Runs the plan briefly, adds sizes between those where two transports change places, and
 * repeats that for the added sizes, a few times. Then request->options has all sizes, and
 * *plan, which is replaced, their cases: the whole run measures them alike, and its figures
 * alone tell where the crossovers are. Returns 0 or a negative errno. */
int ipm_run_refine(struct ipm_run_request *request, struct ipm_plan *plan,
                   ipm_run_measure *measure, struct ipm_err *err);

/* Refuses options that leave nothing to find. Returns 0 or -EINVAL. */
int ipm_run_refine_check(const struct ipm_options *options, struct ipm_err *err);

#endif
