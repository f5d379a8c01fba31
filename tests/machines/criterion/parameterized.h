/* parameterized.h - tests that run once for each row of a table. */
#ifndef IPM_MACHINES_CRITERION_PARAMETERIZED_H
#define IPM_MACHINES_CRITERION_PARAMETERIZED_H

#include "criterion.h"

#include <stdlib.h>

#define cr_malloc malloc
#define cr_make_param_array(type, rows, count)                                           \
    ((struct criterion_test_params){sizeof(type), (rows), (count)})

#define ParameterizedTestParameters(suite_, name_)                                       \
    static struct criterion_test_params suite_##_##name_##_rows(void)
#define ParameterizedTest(row_, suite_, name_, ...)                                      \
    static void suite_##_##name_##_of(row_);                                             \
    static void suite_##_##name_##_run(void *row) {                                      \
        suite_##_##name_##_of(row);                                                      \
    }                                                                                    \
    STANDIN_ENTRY(suite_, name_, suite_##_##name_##_run, suite_##_##name_##_rows,        \
                  __VA_ARGS__)                                                           \
    static void suite_##_##name_##_of(row_)

#endif
