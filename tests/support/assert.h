/* assert.h - Criterion's assertions that show both values: eq(int, a, b). With them
 * cr_assert takes such a criterion, and no longer a bare condition. */
#ifndef IPM_ASSERT_H
#define IPM_ASSERT_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* Criterion 2.4.1 assigns an int to a bit field in each assertion; gcc sees that at the
 * place of use, in a test, and not in the system's header. */
#pragma GCC diagnostic ignored "-Wconversion"

#endif
