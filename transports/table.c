/* table.c - the rows of transports.def, and those that are added to them. Knows only their
 * names. */
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

/* They change, unlike every other table: but only before the first look at them. */
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

/* As the kernel takes structs that grow (copy_struct_from_user): what is shorter ends in
 * zeros, what is longer must end in them. */
static int table_copy(struct ipm_transport *copy, const struct ipm_transport *row,
                      size_t row_bytes, struct ipm_err *err) {
    const unsigned char *bytes = (const unsigned char *)row;
    size_t known = row_bytes < sizeof *copy ? row_bytes : sizeof *copy;
    *copy = (struct ipm_transport){0};
    memcpy(copy, bytes, known);
    for (size_t i = known; i < row_bytes; i++)
        if (bytes[i] != 0)
            return ipm_err_set(err, -EINVAL,
                               "it has operations that this ipcmark does not know");
    return 0;
}

int ipm_transport_add(const struct ipm_transport *row, size_t row_bytes,
                      const struct ipm_transport **ret_row, struct ipm_err *err) {
    if (table_added_count == IPM_TRANSPORTS_ADDED_MOST)
        return ipm_err_set(err, -E2BIG, "more than %d transports of plugins",
                           IPM_TRANSPORTS_ADDED_MOST);
    struct ipm_transport *copy = &table_added[table_added_count];
    int failed = table_copy(copy, row, row_bytes, err);
    if (!failed)
        failed = ipm_transport_check(copy, err);
    if (!failed && ipm_transport_find(copy->name))
        failed =
            ipm_err_set(err, -EINVAL, "there is a transport '%s' already", copy->name);
    if (failed)
        return failed;
    table_rows[TABLE_BUILT_IN + table_added_count++] = copy;
    *ret_row = copy;
    return 0;
}
