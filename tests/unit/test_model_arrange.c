/* test_model_arrange.c - cases are linked with those that they stand beside. */
#include "model/report/report.h"
#include "tests/support/assert.h"
#include "tests/support/report_sample.h"

#include <stdlib.h>
#include <string.h>

/* Follows a chain from each case: it is where a search by pairs finds it. */
static void follow(const struct ipm_report *report, size_t begin, uint64_t settings,
                   size_t member) {
    const struct ipm_case *cases = report->cases;
    const size_t end = cases[begin].arranged.section_end;
    for (size_t i = begin; i < end; i++) {
        const struct ipm_chain *chain =
            (const struct ipm_chain *)((const char *)&cases[i].arranged + member);
        size_t first = begin;
        size_t next = i + 1;
        while (!ipm_settings_agree(&cases[first].config, &cases[i].config, settings))
            first++;
        while (next < end &&
               !ipm_settings_agree(&cases[next].config, &cases[i].config, settings))
            next++;
        cr_assert(eq(sz, chain->first, first));
        cr_assert(eq(sz, chain->next, next));
    }
}

Test(model_arrange, chains_are_those_that_a_search_by_pairs_finds) {
    struct ipm_report report;
    const uint64_t same = ipm_settings_with(IPM_SETTING_CONDITION | IPM_SETTING_AXIS);
    const uint64_t places = ipm_settings_with(IPM_SETTING_PLACE);
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    cr_assert(lt(sz, 1, report.case_count));
    for (size_t i = 0; i < report.case_count; i = report.cases[i].arranged.section_end) {
        const struct ipm_arranged *arranged = &report.cases[i].arranged;
        cr_assert(lt(sz, i, arranged->section_end));
        cr_assert(le(sz, arranged->section_end, report.case_count));
        follow(&report, i, same & ~arranged->rows, offsetof(struct ipm_arranged, group));
        follow(&report, i, same & ~places, offsetof(struct ipm_arranged, beside));
    }
    ipm_report_done(&report);
}

Test(model_arrange, chains_of_other_settings_are_those_of_the_arrangement) {
    struct ipm_report report;
    const uint64_t same = ipm_settings_with(IPM_SETTING_CONDITION | IPM_SETTING_AXIS) &
                          ~ipm_settings_with(IPM_SETTING_PLACE);
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    struct ipm_chain *chains = calloc(report.case_count, sizeof *chains);
    const size_t begin = report.cases[0].arranged.section_end; /* of the second section */
    const size_t end = report.cases[begin].arranged.section_end;
    cr_assert(eq(int, ipm_cases_chain(&report, begin, end, same, chains), 0));
    for (size_t i = begin; i < end; i++) {
        cr_assert(eq(sz, chains[i].first, report.cases[i].arranged.beside.first));
        cr_assert(eq(sz, chains[i].next, report.cases[i].arranged.beside.next));
    }
    free(chains);
    ipm_report_done(&report);
}

Test(model_arrange, a_report_without_cases_is_arranged) {
    struct ipm_report report = {.case_count = 0};
    cr_assert(eq(int, ipm_cases_arrange(&report), 0));
}

Test(model_arrange, a_case_repeats_the_name_of_one_before_it) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    const size_t last = report.case_count - 1;
    for (size_t i = 0; i <= last; i++)
        cr_assert(not(report.cases[i].arranged.repeats));
    memcpy(report.cases[last].config.name, report.cases[1].config.name,
           sizeof report.cases[1].config.name);
    cr_assert(eq(int, ipm_cases_arrange(&report), 0));
    for (size_t i = 0; i <= last; i++)
        cr_assert(eq(int, report.cases[i].arranged.repeats, i == last));
    ipm_report_done(&report);
}

Test(model_arrange, what_only_skipped_cases_have_makes_no_rows) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 1), 0));
    struct ipm_case *cases = report.cases;
    for (size_t i = 0; i < report.case_count; i++) {
        cases[i].config = cases[0].config;
        cases[i].status = IPM_CASE_OK;
    }
    cases[0].config.response_bytes = 4096;
    cr_assert(eq(int, ipm_cases_arrange(&report), 0));
    cr_expect(ne(u64, cases[1].arranged.rows, 0));
    cases[0].status = IPM_CASE_SKIPPED;
    cr_assert(eq(int, ipm_cases_arrange(&report), 0));
    cr_expect(eq(u64, cases[1].arranged.rows, 0));
    ipm_report_done(&report);
}
