/* table.c - the rows of patterns.def. */
#include "run/patterns/pattern.h"

#include <stddef.h>
#include <string.h>

#define IPM_PATTERN(word) &ipm_pattern_##word,
const struct ipm_pattern *const ipm_patterns[] = {
#include "run/patterns/patterns.def"
    NULL,
};
#undef IPM_PATTERN

const struct ipm_pattern *ipm_pattern_find(const char *name) {
    for (size_t i = 0; ipm_patterns[i]; i++)
        if (strcmp(ipm_patterns[i]->kind.name, name) == 0)
            return ipm_patterns[i];
    return NULL;
}
