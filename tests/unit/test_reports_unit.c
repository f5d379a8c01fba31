/* test_reports_unit.c - the unit of rates of bytes. */
#include "model/report/report.h"
#include "reports/columns/columns.h"
#include "reports/columns/format.h"
#include "reports/columns/sections.h"
#include "tests/support/report_sample.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

TestSuite(reports_unit);

static void expect_unit(enum ipm_unit_choice choice, double least, double most,
                        const char *wanted) {
    cr_expect_str_eq(ipm_text_unit(choice, least, most)->word, wanted);
}

Test(reports_unit, auto_leaves_mib_only_where_all_rates_are_far_from_it) {
    const double gib = 1 << 30;
    expect_unit(IPM_UNIT_AUTO, 3e6, 9 * gib, "MiB/s");
    expect_unit(IPM_UNIT_AUTO, 1e3, 90 * gib, "MiB/s");
    expect_unit(IPM_UNIT_AUTO, 10 * gib, 90 * gib, "GiB/s");
    expect_unit(IPM_UNIT_AUTO, 1e3, 1e6, "KiB/s");
    expect_unit(IPM_UNIT_AUTO, INFINITY, 0, "MiB/s"); /* of no rate */
    expect_unit(IPM_UNIT_AUTO, NAN, NAN, "MiB/s");
}

Test(reports_unit, a_chosen_unit_holds_for_all_rates) {
    expect_unit(IPM_UNIT_MIB, 1, 2, "MiB/s");
    expect_unit(IPM_UNIT_MB, 1, 2, "MB/s");
    expect_unit(IPM_UNIT_GBIT, 1, 2, "Gbit/s");
    cr_expect_eq(8 * ipm_text_unit(IPM_UNIT_GBIT, 1, 2)->bytes_per_second, 1e9);
}

Test(reports_unit, a_column_of_bytes_has_the_unit_and_its_value) {
    struct ipm_report report;
    struct ipm_cell cells[2];
    cr_assert_eq(ipm_report_sample(&report, 6), 0);
    const struct ipm_text_unit *units[] = {ipm_text_unit_of(IPM_UNIT_MIB, &report),
                                           ipm_text_unit_of(IPM_UNIT_MB, &report)};
    const struct ipm_text_column *rate = &ipm_text_set_of(&report.cases[0])->columns[0];
    for (int i = 0; i < 2; i++)
        cells[i] = ipm_text_cell(rate, &report.cases[0], units[i]);
    cr_expect_str_eq(ipm_text_column_heading(rate, false, units[1]), "MB/s");
    cr_expect_str_eq(ipm_text_column_heading(rate, true, units[1]), "MB/s");
    cr_expect_str_eq(ipm_text_column_heading(&rate[1], false, units[1]), "\u00b1%");
    cr_expect_float_eq(atof(cells[1].text) / atof(cells[0].text), 1.048576, 0.01);
    ipm_report_done(&report);
}
