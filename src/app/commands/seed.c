/* seed.c - seeds that the user did not give. */
#include "app/commands/seed.h"

#include "base/err.h"

#include <errno.h>
#include <sys/random.h>

int ipm_seed_draw(uint64_t *ret_seed, struct ipm_err *err) {
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        return ipm_err_sys(err, -errno, "cannot draw a seed");
    *ret_seed = (seed >> 11) | 1;
    return 0;
}
