/* test_model_match.c - finding the cases of a report by name. */
#include "model/compare/match.h"
#include "model/report/report.h"

#include <criterion/criterion.h>
#include <stdio.h>

enum { CASES = 50 };

static void match_fill(struct ipm_report *report, size_t begin, size_t step) {
    ipm_report_init(report);
    for (size_t i = 0; i < CASES; i++) {
        struct ipm_case *c = ipm_report_add_case(report);
        (void)snprintf(c->config.name, sizeof c->config.name, "case %zu",
                       (begin + i * step) % CASES);
    }
}

Test(model_match, cases_are_found_by_name_in_any_order) {
    struct ipm_report reports[2];
    match_fill(&reports[0], 0, 1);
    match_fill(&reports[1], 3, 7);
    struct ipm_match *matches = ipm_matches_new(reports, 2);
    cr_assert_not_null(matches);
    for (size_t i = 0; i < CASES; i++) {
        const struct ipm_case *wanted = &reports[0].cases[i];
        const struct ipm_case *found = ipm_match_find(matches, 1, wanted->config.name, i);
        cr_assert_not_null(found);
        cr_expect_str_eq(found->config.name, wanted->config.name);
        cr_expect_eq(ipm_match_find(matches, 0, wanted->config.name, i), wanted);
        cr_expect_eq(ipm_match_find(matches, 0, wanted->config.name, CASES - 1 - i),
                     wanted);
    }
    ipm_matches_free(matches, 2);
    for (size_t i = 0; i < 2; i++)
        ipm_report_done(&reports[i]);
}

Test(model_match, of_two_cases_with_one_name_the_first_is_found) {
    struct ipm_report report;
    match_fill(&report, 0, 25); /* two names only */
    struct ipm_match *match = ipm_matches_new(&report, 1);
    cr_expect_eq(ipm_match_find(match, 0, "case 25", 0), &report.cases[1]);
    ipm_matches_free(match, 1);
    ipm_report_done(&report);
}

Test(model_match, what_is_not_there_is_not_found) {
    struct ipm_report reports[2];
    match_fill(&reports[0], 0, 1);
    ipm_report_init(&reports[1]);
    struct ipm_match *matches = ipm_matches_new(reports, 2);
    static const char *const names[] = {"", "case", "case 50", "zzz"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t which = 0; which < 2; which++)
            cr_expect_null(ipm_match_find(matches, which, names[i], i));
    ipm_matches_free(matches, 2);
    ipm_report_done(&reports[0]);
}
