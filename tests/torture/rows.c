/* rows.c - which transports a test is run for. */
#include "rows.h"

struct criterion_test_params ipm_rows(unsigned wanted) {
    size_t count = 0;
    for (size_t i = 0; ipm_transports[i]; i++)
        count += (ipm_transports[i]->caps & wanted) == wanted;
    size_t *rows = cr_malloc(count * sizeof *rows);
    count = 0;
    for (size_t i = 0; ipm_transports[i]; i++)
        if ((ipm_transports[i]->caps & wanted) == wanted)
            rows[count++] = i;
    return cr_make_param_array(size_t, rows, count);
}
