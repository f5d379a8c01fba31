/* table.c - the table of report formats, from renderers.def. */
#include "reports/renderer.h"

#include <string.h>

const struct ipm_renderer *const ipm_renderers[] = {
#define RENDERER(symbol) &ipm_renderer_##symbol,
#include "reports/renderers.def"
#undef RENDERER
    NULL,
};

const struct ipm_renderer *ipm_renderer_find(const char *name) {
    for (size_t i = 0; ipm_renderers[i] != NULL; i++)
        if (strcmp(ipm_renderers[i]->name, name) == 0)
            return ipm_renderers[i];
    return NULL;
}
