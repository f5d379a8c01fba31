/* random.h - random numbers: from the kernel, and a sequence from a seed. */
#ifndef IPM_BASE_RANDOM_H
#define IPM_BASE_RANDOM_H

#include <stdint.h>

struct ipm_err;

/* Returns the next number of SplitMix64 (Steele, Lea and Flood 2014) from its state. */
uint64_t ipm_random_next(uint64_t *state);

/* Gets a random seed, not 0, of 53 bits, which every JSON reader keeps exactly. Returns 0
 * or a negative errno. */
int ipm_random_seed(uint64_t *ret_seed, struct ipm_err *err);

#endif
