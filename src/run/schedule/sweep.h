/* sweep.h - looks for the highest rate that holds a target, by bisection. */
#ifndef IPM_RUN_SCHEDULE_SWEEP_H
#define IPM_RUN_SCHEDULE_SWEEP_H

#include "model/report/highest.h"
#include "run/schedule/run_state.h"

#include <stdint.h>

/* Each step tries one more rate of each case, or one that missed again; a bracket from 1,000 to
 * 100,000,000 needs 12 rates. */
enum { IPM_SWEEP_STEPS_MOST = 28 };

/* Returns the rate to try next, or 0: what is known suffices, or cannot be improved. Without a rate
 * it achieves most_per_second; NaN: not known. */
uint64_t ipm_sweep_next(const struct ipm_highest *highest, double most_per_second);

/* Adds to the plan and the report a case at the next rate of each case that needs one; these, and
 * rates that are measured again because they missed, are active then and no others. Returns how many
 * there are, or -ENOMEM. */
int ipm_sweep_extend(struct ipm_run_state *state);

/* Sorts the rows of the report: of each pattern those without a rate, then the others, each case
 * with its rates in ascending order. Returns 0 or -ENOMEM. */
int ipm_sweep_sort(struct ipm_run_state *state);

#endif
