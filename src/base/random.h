/* random.h - random numbers: of the kernel, and those that a seed repeats. */
#ifndef IPM_BASE_RANDOM_H
#define IPM_BASE_RANDOM_H

#include <stdint.h>

struct ipm_err;

/* The next of a sequence that follows from its state, SplitMix64 (Steele, Lea and Flood 2014). */
uint64_t ipm_random_next(uint64_t *state);

/* Draws a seed of 53 bits, which every JSON reader keeps, that is not 0. Returns 0 or a
 * negative errno. */
int ipm_random_seed(uint64_t *ret_seed, struct ipm_err *err);

#endif
