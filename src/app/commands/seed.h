/* seed.h - seeds that the user did not give. */
#ifndef IPM_APP_COMMANDS_SEED_H
#define IPM_APP_COMMANDS_SEED_H

#include <stdint.h>

struct ipm_err;

/* Draws a seed of 53 bits, which every JSON reader keeps, that is not 0. Returns 0 or a
 * negative errno. */
int ipm_seed_draw(uint64_t *ret_seed, struct ipm_err *err);

#endif
