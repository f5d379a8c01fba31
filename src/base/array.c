/* array.c - arrays on the heap; see base/array.h. */
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

void *ipm_array_add(void *items, size_t *count, size_t item_bytes) {
    const size_t used = *count;
    char *grown;
    memcpy(&grown, items, sizeof grown);
    if ((used & (used - 1)) == 0)
        grown = reallocarray(grown, used > 0 ? 2 * used : 1, item_bytes);
    if (!grown)
        return NULL;
    memcpy(items, &grown, sizeof grown);
    *count = used + 1;
    return memset(grown + used * item_bytes, 0, item_bytes);
}
