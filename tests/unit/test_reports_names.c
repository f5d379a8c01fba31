/* Names of cases: a report has each once, as comparisons find cases by them. */
#include "tests/unit/test_reports_read.h"

#include <criterion/criterion.h>

TestSuite(reports_names);

Test(reports_names, two_cases_of_one_name_are_refused) {
    ipm_test_read_refuse("\"name\": \"stream/pipe-pair/64\"",
                         "\"name\": \"stream/pipe/64\"",
                         NO_REPORT "cases[1].name is that of cases[0] too");
}
