/* calibrate.h - how many messages make a trial of the wanted duration. It is
 * arithmetic only, so that it can be tested without time. */
#ifndef IPM_RUN_SCHEDULE_CALIBRATE_H
#define IPM_RUN_SCHEDULE_CALIBRATE_H

#include "run/schedule/run_state.h"

#include <stdbool.h>
#include <stdint.h>

/* Returns the number of messages of the first try. */
uint64_t ipm_calibrate_first(uint64_t message_bytes);

/* Whether a trial of that length determines the rate well enough. */
bool ipm_calibrate_enough(uint64_t elapsed_ns, uint64_t duration_ns);

/* One try: a number of messages and the time they took. */
struct ipm_calibration {
    uint64_t messages; /* 0: there was none */
    uint64_t elapsed_ns;
};

/* Returns how many messages of each client the first verified run has: a few, or one. */
uint64_t ipm_calibrate_verified_first(uint64_t message_bytes, uint64_t clients);

/* Returns the messages of the second verified run, at the rate of the first: as many
 * as fit into a budget of bytes, messages and time for all clients together. No second
 * run is needed if that is no more than the first had. */
uint64_t ipm_calibrate_verified(const struct ipm_calibration *first,
                                uint64_t message_bytes, uint64_t clients);

/* Returns how long a verified run of that size may take beyond the limit for one
 * trial. */
uint64_t ipm_calibrate_verified_ns(uint64_t bytes, uint64_t clients);

/* Returns how long that many messages take at the rate of `before`. */
uint64_t ipm_calibrate_expected(const struct ipm_calibration *before, uint64_t messages);

/* Whether `now` took at least half of the time that `before` predicts. If not, most of
 * `before` was a wait that does not grow with the messages (a delayed acknowledgement
 * of TCP takes 40 ms), and `now` may have the same fault. */
bool ipm_calibrate_settled(const struct ipm_calibration *before,
                           const struct ipm_calibration *now);

/* Returns the messages of the next try after `messages` took elapsed_ns: 2 to 64 times
 * as many, aimed at half the duration. */
uint64_t ipm_calibrate_next(uint64_t messages, uint64_t elapsed_ns, uint64_t duration_ns,
                            uint64_t message_bytes);

/* Returns how many messages take duration_ns at the rate of `messages` in elapsed_ns;
 * at least 1. */
uint64_t ipm_calibrate_scale(uint64_t messages, uint64_t elapsed_ns, uint64_t duration_ns,
                             uint64_t message_bytes);

/* Runs the verified run and the calibration of one case. A failure makes it a failed
 * row. */
void ipm_calibrate_case(struct ipm_run_state *state, size_t index);

/* Returns how many messages fill a trial, according to a trial of that many. */
uint64_t ipm_calibrate_case_messages(const struct ipm_run_state *state, size_t index,
                                     uint64_t messages, const struct ipm_sample *sample);

#endif
