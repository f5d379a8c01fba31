/* calibrate_case.h - what a case does before it is timed. */
#ifndef IPM_RUN_SCHEDULE_CALIBRATE_CASE_H
#define IPM_RUN_SCHEDULE_CALIBRATE_CASE_H

#include "run/schedule/run_state.h"

/* The verified run, then calibration, of one case; a failure makes it a failed row. */
void ipm_calibrate_case(struct ipm_run_state *state, size_t index);

enum { IPM_CALIBRATE_CASE_TRIALS = 5 }; /* about how many that takes */

#endif
