/* calibrate_case.h - verification and calibration of a case, before it is timed. */
#ifndef IPM_RUN_SCHEDULE_CALIBRATE_CASE_H
#define IPM_RUN_SCHEDULE_CALIBRATE_CASE_H

#include "run/schedule/run_state.h"

/* Runs the verified run and the calibration of one case. A failure makes it a failed
 * row. */
void ipm_calibrate_case(struct ipm_run_state *state, size_t index);

/* Returns how many messages fill a trial, according to a trial of that many. */
uint64_t ipm_calibrate_case_messages(const struct ipm_run_state *state, size_t index,
                                     uint64_t messages, const struct ipm_sample *sample);

#endif
