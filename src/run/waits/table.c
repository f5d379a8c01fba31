/* table.c - the rows of waits.def. */
#include "run/waits/wait.h"

#include "transports/transport.h"

#include <stddef.h>
#include <string.h>

#define IPM_WAIT(word) extern const struct ipm_wait ipm_wait_##word;
#include "run/waits/waits.def"
#undef IPM_WAIT

#define IPM_WAIT(word) &ipm_wait_##word,
const struct ipm_wait *const ipm_waits[] = {
#include "run/waits/waits.def"
    NULL,
};
#undef IPM_WAIT

const struct ipm_wait *ipm_wait_find(const char *name) {
    for (size_t i = 0; ipm_waits[i]; i++)
        if (strcmp(ipm_waits[i]->name, name) == 0)
            return ipm_waits[i];
    return NULL;
}

const struct ipm_wait *ipm_wait_choose(bool spin, unsigned caps) {
    return ipm_wait_find(spin || (caps & IPM_CAP_UNWOKEN) != 0 ? "spin"
                         : (caps & IPM_CAP_LOOKS) != 0         ? "hybrid"
                                                               : "block");
}
