/* rows.c - which transports a test is run for: those that this machine can run. */
#include "rows.h"

#include "rig.h"

size_t ipm_row_of(const struct ipm_transport *ops) {
    size_t row = 0;
    while (ipm_transports[row] != ops)
        row++;
    return row;
}

struct criterion_test_params ipm_rows(unsigned wanted) {
    const struct ipm_transport *ops;
    size_t count = 0;
    for (size_t i = 0; ipm_rig_row(i); i++)
        count++;
    size_t *rows = cr_malloc((count + 1) * sizeof *rows);
    count = 0;
    for (size_t i = 0; (ops = ipm_rig_row(i)); i++)
        if ((ops->caps & wanted) == wanted)
            rows[count++] = ipm_row_of(ops);
    return cr_make_param_array(size_t, rows, count);
}
