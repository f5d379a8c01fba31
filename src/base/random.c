/* random.c - see base/random.h. */
#include "base/random.h"

#include "base/err.h"

#include <errno.h>
#include <sys/random.h>

uint64_t ipm_random_next(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

int ipm_random_seed(uint64_t *ret_seed, struct ipm_err *err) {
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed) {
        ipm_err_hint(err, "'--seed N' gives one");
        return ipm_err_sys(err, -errno, "cannot get a random seed");
    }
    *ret_seed = (seed >> 11) | 1;
    return 0;
}
