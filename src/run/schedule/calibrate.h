/* calibrate.h - how many messages make a trial of the wanted duration. Arithmetic, so that
 * it can be tested without time. */
#ifndef IPM_RUN_SCHEDULE_CALIBRATE_H
#define IPM_RUN_SCHEDULE_CALIBRATE_H

#include <stdbool.h>
#include <stdint.h>

/* Of the first try. */
uint64_t ipm_calibrate_first(uint64_t message_bytes);

/* Whether a trial this long tells the rate well enough. */
bool ipm_calibrate_enough(uint64_t elapsed_ns, uint64_t duration_ns);

/* One try: so many messages took so long. */
struct ipm_calibration {
    uint64_t messages; /* 0: there was none */
    uint64_t elapsed_ns;
};

/* Messages of each client that the first verified run has: a few, or one. */
uint64_t ipm_calibrate_verified_first(uint64_t message_bytes, uint64_t clients);

/* And the second one, after the first has told the rate: as many as fit into a budget of bytes,
 * messages and time for all clients together. No more than the first has: none is needed. */
uint64_t ipm_calibrate_verified(const struct ipm_calibration *first,
                                uint64_t message_bytes, uint64_t clients);

/* How long a verified run of that size may take beyond the limit for one trial. */
uint64_t ipm_calibrate_verified_ns(uint64_t bytes, uint64_t clients);

/* How long that many messages take at its rate. */
uint64_t ipm_calibrate_expected(const struct ipm_calibration *before, uint64_t messages);

/* Whether it took half of what the try before it makes one expect, or more. Less means that
 * most of that one was a wait that does not grow with the messages (a delayed
 * acknowledgement of TCP takes 40 ms), and so maybe of this one, too. */
bool ipm_calibrate_settled(const struct ipm_calibration *before,
                           const struct ipm_calibration *now);

/* The next try after `messages` took elapsed_ns: 2 to 64 times as many, aimed at half the
 * duration. */
uint64_t ipm_calibrate_next(uint64_t messages, uint64_t elapsed_ns, uint64_t duration_ns,
                            uint64_t message_bytes);

/* As many as take duration_ns at the rate of `messages` in elapsed_ns; at least 1. */
uint64_t ipm_calibrate_scale(uint64_t messages, uint64_t elapsed_ns, uint64_t duration_ns,
                             uint64_t message_bytes);

#endif
