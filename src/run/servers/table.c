/* table.c - the rows of servers.def. */
#include "run/servers/server.h"

#include <stddef.h>
#include <string.h>

#define IPM_SERVER(word) &ipm_server_##word,
const struct ipm_server *const ipm_servers[] = {
#include "run/servers/servers.def"
    NULL,
};
#undef IPM_SERVER

const struct ipm_server *ipm_server_find(const char *name) {
    for (size_t i = 0; ipm_servers[i]; i++)
        if (strcmp(ipm_servers[i]->strategy.name, name) == 0)
            return ipm_servers[i];
    return NULL;
}
