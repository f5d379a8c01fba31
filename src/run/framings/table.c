/* table.c - the rows of framings.def. */
#include "run/framings/framing.h"

#include <string.h>

#define IPM_FRAMING(word) extern const struct ipm_framing ipm_framing_##word;
#include "run/framings/framings.def"
#undef IPM_FRAMING

#define IPM_FRAMING(word) &ipm_framing_##word,
const struct ipm_framing *const ipm_framings[] = {
#include "run/framings/framings.def"
    NULL,
};
#undef IPM_FRAMING

const struct ipm_framing *ipm_framing_find(const char *name) {
    for (size_t i = 0; ipm_framings[i]; i++)
        if (strcmp(ipm_framings[i]->name, name) == 0)
            return ipm_framings[i];
    return NULL;
}
