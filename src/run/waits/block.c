/* block.c - the call waits in the kernel until there is something. */
#include "run/waits/wait.h"

extern const struct ipm_wait ipm_wait_block;
const struct ipm_wait ipm_wait_block = {
    .name = "block",
    .summary = "sleeps in the kernel",
};
