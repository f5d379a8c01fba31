/* table.c - the rows of transports.def. Knows only their names. */
#include "transports/transport.h"

#include <string.h>

#define IPM_TRANSPORT(word) extern const struct ipm_transport ipm_transport_##word;
#include "transports/transports.def"
#undef IPM_TRANSPORT

#define IPM_TRANSPORT(word) &ipm_transport_##word,
const struct ipm_transport *const ipm_transports[] = {
#include "transports/transports.def"
    NULL,
};
#undef IPM_TRANSPORT

const struct ipm_transport *ipm_transport_find(const char *name) {
    for (size_t i = 0; ipm_transports[i]; i++)
        if (strcmp(ipm_transports[i]->name, name) == 0)
            return ipm_transports[i];
    return NULL;
}
