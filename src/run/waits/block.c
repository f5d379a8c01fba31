/* block.c - the call sleeps in the kernel until there is a message or space. */
#include "run/waits/wait.h"

extern const struct ipm_wait ipm_wait_block;
const struct ipm_wait ipm_wait_block = {
    .kind = {.name = "block", .sleeps = true, .drives = true},
    .summary = "sleeps in the kernel until there is something",
};
