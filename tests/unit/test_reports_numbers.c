/* Whole numbers that a report cannot hold: none is taken for another one. */
#include "tests/unit/test_reports_read.h"

#include <criterion/criterion.h>

TestSuite(reports_numbers);

Test(reports_numbers, a_seed_out_of_range_is_refused) {
    static const char *const seeds[] = {
        "9223372036854775808",
        "1e19",
        "1e400",
        "\"9223372036854775808\"",
        "\"12a\"",
        "\"0x10\"",
        "\"1e3\"",
        "\"\"",
        "-1",
        "1.5",
    };
    for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
        char seed[64];
        (void)snprintf(seed, sizeof seed, "\"seed\": %s", seeds[i]);
        ipm_test_read_refuse("\"seed\": 42", seed,
                             NO_REPORT "run.seed must be a whole number from 0 to "
                                       "9223372036854775807");
    }
}
