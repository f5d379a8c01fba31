/* spin.c - tries again and again, and never sleeps. */
#include "run/waits/wait.h"

#include "transports/transport.h"

#include <errno.h>
#include <sched.h>

/* After this many yields, spin_on_miss fails with EINTR, so that the caller can test the stop flag:
 * a signal does not interrupt a loop that makes no blocking call. */
enum { SPIN_YIELDS = 100 };

/* With both sides on one CPU, no poll succeeds until the other side has run. */
static int spin_on_miss(unsigned misses) {
    if (misses < SPIN_YIELDS)
        return sched_yield(); /* never fails */
    errno = EINTR;
    return -1;
}

extern const struct ipm_wait ipm_wait_spin;
const struct ipm_wait ipm_wait_spin = {
    .kind = {.name = "spin",
             .drives = true,
             .needs = IPM_CAP_POLLABLE | IPM_CAP_LOOKS | IPM_CAP_HOLLOW},
    .summary = "tries again and again, and never sleeps",
    .spins = true,
    .nonblocking = true,
    .looks = IPM_WAIT_LOOKS,
    .on_miss = spin_on_miss,
};
