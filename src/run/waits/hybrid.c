/* hybrid.c - looks a few times, and then waits in the kernel. */
#include "run/waits/wait.h"

extern const struct ipm_wait ipm_wait_hybrid;
const struct ipm_wait ipm_wait_hybrid = {
    .name = "hybrid",
    .summary = "looks a few times before it sleeps",
    .looks = IPM_WAIT_LOOKS,
};
