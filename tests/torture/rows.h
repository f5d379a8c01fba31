/* rows.h - a test that is run once for each transport: such tests wait more than they work, so
 * that several may run at the same time. */
#ifndef IPM_ROWS_H
#define IPM_ROWS_H

#include "transports/transport.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stddef.h>

/* The index of a transport in ipm_transports. */
size_t ipm_row_of(const struct ipm_transport *ops);

/* The index in ipm_transports of each row that has all the caps and can run here. */
struct criterion_test_params ipm_rows(unsigned wanted);

/* IPM_ROW_TEST(ops, suite, name, wanted) { body that looks at one transport, ops } */
#define IPM_ROW_TEST(ops, suite, name, wanted)                                           \
    static void suite##_row_##name(const struct ipm_transport *ops);                     \
    ParameterizedTestParameters(suite, name) {                                           \
        return ipm_rows(wanted);                                                         \
    }                                                                                    \
    ParameterizedTest(size_t *row, suite, name) {                                        \
        suite##_row_##name(ipm_transports[*row]);                                        \
    }                                                                                    \
    static void suite##_row_##name(const struct ipm_transport *ops)

#endif
