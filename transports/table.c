/* table.c - the rows of transports.def, and those that plugins add. */
#include "transports/table.h"

#include "base/err.h"
#include "transports/transport.h"

#include <errno.h>
#include <string.h>

#define IPM_TRANSPORT(word) extern const struct ipm_transport ipm_transport_##word;
#include "transports/transports.def"
#undef IPM_TRANSPORT

#define IPM_TRANSPORT(word) TABLE_##word,
enum {
#include "transports/transports.def"
    TABLE_BUILT_IN
};
#undef IPM_TRANSPORT

/* These change, unlike every other table, but only before anything reads the table. */
static struct ipm_transport table_added[IPM_TRANSPORTS_ADDED_MOST];
static size_t table_added_count;

#define IPM_TRANSPORT(word) &ipm_transport_##word,
static const struct ipm_transport
    *table_rows[TABLE_BUILT_IN + IPM_TRANSPORTS_ADDED_MOST + 1] = {
#include "transports/transports.def"
};
#undef IPM_TRANSPORT

const struct ipm_transport *const *const ipm_transports = table_rows;

const struct ipm_transport *ipm_transport_find(const char *name) {
    for (size_t i = 0; ipm_transports[i]; i++)
        if (strcmp(ipm_transports[i]->name, name) == 0)
            return ipm_transports[i];
    return NULL;
}

int ipm_transport_add(const struct ipm_transport *row,
                      const struct ipm_transport **ret_row, struct ipm_err *err) {
    if (table_added_count == IPM_TRANSPORTS_ADDED_MOST)
        return ipm_err_set(err, -E2BIG, "more than %d transports of plugins",
                           IPM_TRANSPORTS_ADDED_MOST);
    int failed = ipm_transport_check(row, err);
    if (failed)
        return failed;
    if (ipm_transport_find(row->name))
        return ipm_err_set(err, -EINVAL, "there is a transport '%s' already", row->name);
    struct ipm_transport *copy = &table_added[table_added_count];
    *copy = *row;
    table_rows[TABLE_BUILT_IN + table_added_count++] = copy;
    *ret_row = copy;
    return 0;
}
