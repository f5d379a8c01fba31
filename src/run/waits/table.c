/* table.c - the rows of waits.def. */
#include "run/waits/wait.h"

#include "transports/transport.h"

#include <stddef.h>

#define IPM_WAIT(word) extern const struct ipm_wait ipm_wait_##word;
#include "run/waits/waits.def"
#undef IPM_WAIT

#define IPM_WAIT(word) &ipm_wait_##word,
const struct ipm_wait *const ipm_waits[] = {
#include "run/waits/waits.def"
    NULL,
};
#undef IPM_WAIT

const struct ipm_wait *ipm_wait_find(const char *word) {
    for (size_t i = 0; ipm_waits[i]; i++)
        if (ipm_plan_is_wait(&ipm_waits[i]->kind, word))
            return ipm_waits[i];
    return word[0] == '\0' ? &ipm_wait_block : NULL;
}

const struct ipm_wait *ipm_wait_choose(const char *word, unsigned caps) {
    return (caps & IPM_CAP_UNWOKEN) != 0 ? &ipm_wait_spin : ipm_wait_find(word);
}
