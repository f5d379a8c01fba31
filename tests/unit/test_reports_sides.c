/* How cases are arranged and what is said of them: placements side by side, rows of what
 * varies, ties, reasons. What a table looks like is for tests/golden. */
#include "model/report/ranking.h"
#include "model/report/report.h"
#include "reports/columns/format.h"
#include "reports/columns/sections.h"
#include "reports/columns/standing.h"
#include "reports/columns/words.h"
#include "tests/support/assert.h"
#include "tests/support/report_sample.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIDES_ROUNDS = 7, SIDES_ROWS = 8 };

static struct ipm_report sides_report(void) {
    struct ipm_report report;
    cr_assert(eq(int, ipm_report_sample_sides(&report, SIDES_ROUNDS), 0));
    return report;
}

/* Returns the first section of the report, which has two sides. */
static struct ipm_text_section
sides_split(const struct ipm_report *report,
            struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST]) {
    const struct ipm_text_section section =
        ipm_text_section_at(report, 0, ipm_text_unit_of(IPM_UNIT_MIB, NULL));
    cr_assert(eq(sz, ipm_text_split(&section, sides), 2));
    return section;
}

Test(reports_sides, two_placements_of_the_same_rows_stand_side_by_side) {
    struct ipm_report report = sides_report();
    struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST];
    const struct ipm_text_section section = sides_split(&report, sides);
    cr_assert(eq(sz, sides[0].end, SIDES_ROWS));
    cr_assert(eq(sz, sides[1].begin, SIDES_ROWS));
    report.cases[3].config.message_bytes = 65;
    cr_assert(eq(sz, ipm_text_split(&section, sides), 1));
    ipm_report_done(&report);
}

Test(reports_sides, one_transport_has_a_row_for_each_placement) {
    struct ipm_report report = sides_report();
    struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST];
    for (size_t i = 0; i < report.case_count; i++)
        (void)strcpy(report.cases[i].config.transport, "pipe");
    cr_assert(eq(int, ipm_cases_arrange(&report), 0));
    struct ipm_text_section section =
        ipm_text_section_at(&report, 0, ipm_text_unit_of(IPM_UNIT_MIB, NULL));
    cr_assert(eq(sz, ipm_text_split(&section, sides), 1));
    cr_assert(eq(str, ipm_text_row_label(&section, 0).text, "one CPU"));
    cr_assert(eq(str, ipm_text_row_label(&section, SIDES_ROWS).text, "two CPUs"));
    cr_assert(eq(str, ipm_text_group_title(&section, 0, ", ").text, "64 B"));
    cr_assert(eq(str, ipm_text_label_heading(&section).text, "pipe"));
    ipm_report_done(&report);
}

Test(reports_sides, what_else_varies_makes_the_rows_and_the_default_is_named) {
    struct ipm_report report = sides_report();
    for (size_t i = 0; i < report.case_count; i++) {
        struct ipm_case_config *config = &report.cases[i].config;
        (void)strcpy(config->transport, "pipe");
        (void)strcpy(config->framing, i % 2 == 0 ? "none" : "length");
    }
    cr_assert(eq(int, ipm_cases_arrange(&report), 0));
    const struct ipm_text_section section =
        ipm_text_section_at(&report, 0, ipm_text_unit_of(IPM_UNIT_MIB, NULL));
    cr_assert(eq(str, ipm_text_row_label(&section, 0).text, "framing none"));
    cr_assert(eq(str, ipm_text_group_title(&section, 1, ", ").text, "64 B, one CPU"));
    cr_assert(eq(sz, ipm_text_group_next(&section, 0), 1));
    ipm_report_done(&report);
}

Test(reports_sides, sizes_of_one_transport_are_rows_that_are_not_ranked) {
    struct ipm_report report = sides_report();
    size_t ranked = 0;
    report.case_count = 3;
    for (size_t i = 0; i < report.case_count; i++) {
        (void)strcpy(report.cases[i].config.transport, "pipe");
        report.cases[i].config.message_bytes = 64 << i;
    }
    cr_assert(eq(int, ipm_cases_arrange(&report), 0));
    const struct ipm_text_section section =
        ipm_text_section_at(&report, 0, ipm_text_unit_of(IPM_UNIT_MIB, NULL));
    cr_assert(eq(sz, ipm_text_group_next(&section, 0), 1));
    cr_assert(eq(ptr, (void *)ipm_text_fastest(&section, 0, &ranked), NULL));
    cr_assert(lt(dbl, 0, ipm_text_most(&section, 0)));
    report.case_count = 2 * SIDES_ROWS;
    ipm_report_done(&report);
}

/* By round: the ratio is 2 in each, although the rates differ by a factor of four. */
Test(reports_sides, a_ratio_is_paired_by_round) {
    struct ipm_report report = sides_report();
    struct ipm_case *a = &report.cases[0];
    struct ipm_case *b = &report.cases[1];
    for (size_t i = 0; i < SIDES_ROUNDS; i++) {
        b->trials[i].received.bytes = (i % 2 == 0 ? 1u : 4u) << 20;
        a->trials[i].received.bytes = 2 * b->trials[i].received.bytes;
    }
    b->trials[0].round = 99; /* no trial of the other case is of that round */
    const struct ipm_statistic ratio = ipm_ranking_ratio(a, b);
    cr_assert(eq(sz, ratio.count, SIDES_ROUNDS - 1));
    cr_assert(epsilon_eq(dbl, ratio.ci95_low, 2, 1e-12));
    cr_assert(epsilon_eq(dbl, ratio.ci95_high, 2, 1e-12));
    cr_assert(ipm_ranking_is_ahead(&ratio));
    ipm_report_done(&report);
}

Test(reports_sides, who_is_ahead_is_so_in_both_forms_of_the_interval) {
    struct ipm_statistic ratio = {.median = 1.4, .ci95_low = 1.1, .ci95_high = 2.3};
    cr_assert(not(ipm_ranking_is_ahead(&ratio))); /* 1.4 +- 0.6 */
    ratio.ci95_high = 1.7;
    cr_assert(ipm_ranking_is_ahead(&ratio));
    ratio.ci95_low = NAN;
    cr_assert(not(ipm_ranking_is_ahead(&ratio)));
}

Test(reports_sides, a_tie_that_may_be_twice_is_undecided) {
    struct ipm_statistic ratio = {.median = 1.3, .ci95_low = 0.9, .ci95_high = 1.9};
    cr_assert(not(ipm_ranking_is_open(&ratio)));
    ratio.ci95_high = 2.1;
    cr_assert(ipm_ranking_is_open(&ratio));
    ratio = (struct ipm_statistic){.median = 1.6, .ci95_low = 0.9, .ci95_high = 1.9};
    cr_assert(ipm_ranking_is_open(&ratio), "1.6 +- 0.5");
}

Test(reports_sides, ties_are_named_together_and_a_winner_with_its_ratio) {
    struct ipm_report report = sides_report();
    struct ipm_sentence words;
    const struct ipm_text_section section =
        ipm_text_section_at(&report, 0, ipm_text_unit_of(IPM_UNIT_MIB, NULL));
    words = ipm_text_standing(&section, 0);
    cr_assert(eq(str, words.text, "no difference between pipe-pair and pipe"));
    words = ipm_text_standing(&section, 4);
    cr_assert(eq(str, words.text, "unix moved 1.39 \u00b1 0.05 times as much as pipe"));
    report.cases[4].trial_count = 5;
    words = ipm_text_standing(&section, 4);
    cr_assert(eq(str, words.text, "unix is ahead, not certain below 6 rounds"));
    report.cases[4].trial_count = SIDES_ROUNDS;
    ipm_report_done(&report);
}

Test(reports_sides, where_the_scheduler_placed_the_ends_nothing_is_ranked) {
    struct ipm_report report = sides_report();
    struct ipm_sentence words;
    size_t ranked = 0;
    for (size_t i = 0; i < report.case_count; i++)
        report.cases[i].config.sender_cpu = report.cases[i].config.receiver_cpu = -1;
    const struct ipm_text_section section =
        ipm_text_section_at(&report, 0, ipm_text_unit_of(IPM_UNIT_MIB, NULL));
    for (size_t i = 0; i < SIDES_ROUNDS; i++)
        report.cases[1].trials[i].usage[IPM_RECEIVER].last_cpu = 0;
    cr_assert(eq(int, ipm_ranking_place(&report.cases[1]), IPM_PLACE_ONE_CPU));
    cr_assert(ipm_text_placement_differs(&section, 0));
    cr_assert(eq(ptr, (void *)ipm_text_fastest(&section, 0, &ranked), NULL));
    cr_assert(epsilon_eq(dbl, ipm_text_most(&section, 0), 0, 0));
    words = ipm_text_standing(&section, 0);
    cr_assert(ne(ptr, strstr(words.text, "not ranked"), NULL), "%s", words.text);
    report.cases[1].trials[0].usage[IPM_RECEIVER].last_cpu = 1;
    cr_assert(eq(int, ipm_ranking_place(&report.cases[1]), IPM_PLACE_MIXED));
    enum ipm_place found = IPM_PLACE_UNKNOWN; /* no other case is needed */
    cr_assert(ipm_ranking_placement_differs(&report.cases[1], &found));
    report.cases[1].config.sender_cpu = 0;
    cr_assert(eq(int, ipm_ranking_place(&report.cases[1]), IPM_PLACE_UNKNOWN));
    ipm_report_done(&report);
}

Test(reports_sides, an_effect_of_the_placement_that_is_not_certain_is_not_told) {
    struct ipm_report report = sides_report();
    struct ipm_sentence words;
    struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST];
    (void)sides_split(&report, sides);
    words = ipm_text_placement_effect(sides);
    cr_assert(
        ne(ptr,
           strstr(words.text, "64 KiB pipe moved 8.0 \u00b1 0.4 times as much on one "
                              "CPU as on two CPUs"),
           NULL),
        "%s", words.text);
    for (size_t i = SIDES_ROWS; i < report.case_count; i++)
        for (size_t k = 0; k < report.cases[i].trial_count; k++)
            report.cases[i].trials[k].round += SIDES_ROUNDS;
    words = ipm_text_placement_effect(sides);
    cr_assert(eq(str, words.text, ""));
    ipm_report_done(&report);
}

Test(reports_sides, a_placement_without_a_certain_effect_is_told) {
    struct ipm_report report = sides_report();
    struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST];
    struct ipm_sentence words;
    (void)sides_split(&report, sides);
    for (size_t i = 0; i < SIDES_ROWS; i++)
        for (size_t k = 0; k < report.cases[SIDES_ROWS + i].trial_count; k++) {
            const struct ipm_sample *one = &report.cases[i].trials[k];
            struct ipm_sample *two = &report.cases[SIDES_ROWS + i].trials[k];
            two->received.bytes = one->received.bytes;
            two->elapsed_ns = one->elapsed_ns;
        }
    words = ipm_text_placement_effect(sides);
    cr_assert(eq(str, words.text, "no case is known to differ by it"));
    ipm_report_done(&report);
}

Test(reports_sides, a_placement_is_compared_with_what_the_rows_are) {
    struct ipm_report report = sides_report();
    struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST];
    (void)sides_split(&report, sides);
    sides[0].rows = sides[1].rows = 1; /* as with one transport */
    const struct ipm_sentence words = ipm_text_placement_effect(sides);
    cr_assert(eq(ptr, strstr(words.text, "than the transport"), NULL), "%s", words.text);
    cr_assert(ne(ptr, strstr(words.text, "the fastest row is at most"), NULL), "%s",
              words.text);
    ipm_report_done(&report);
}

Test(reports_sides, an_effect_of_the_placement_is_not_told_of_a_case_with_loss) {
    struct ipm_report report = sides_report();
    struct ipm_sentence words;
    struct ipm_text_section sides[IPM_TEXT_PLACEMENTS_MOST];
    (void)sides_split(&report, sides);
    for (size_t i = 0; i < SIDES_ROWS; i++)
        if (report.cases[i].config.message_bytes == 65536)
            report.cases[i].integrity.status = IPM_INTEGRITY_LOSSY;
    words = ipm_text_placement_effect(sides);
    cr_assert(ne(ptr, strstr(words.text, "times as much on"), NULL), "%s", words.text);
    cr_assert(eq(ptr, strstr(words.text, "64 KiB"), NULL), "%s", words.text);
    ipm_report_done(&report);
}

Test(reports_sides, a_reason_that_names_the_transport_is_one_line_for_all) {
    struct ipm_report report = sides_report();
    char reason[IPM_REASON_BYTES];
    for (size_t i = 8; i < 15; i++) {
        report.cases[i].status = IPM_CASE_SKIPPED;
        (void)snprintf(report.cases[i].reason, IPM_REASON_BYTES,
                       "'connect' needs connections, and '%s' has none",
                       report.cases[i].config.transport);
    }
    cr_assert(not(ipm_text_leads_reason(&report, 9)));
    cr_assert(eq(str, ipm_text_absent(&report, 8).text,
                 "64 B pipe, 64 B pipe-pair, 64 B unix and 4 more"));
    cr_assert(eq(str, (char *)ipm_text_shared_reason(reason, &report, 8),
                 "'connect' needs connections, and the transport has none"));
    for (size_t i = 9; i < 15; i++)
        report.cases[i].status = IPM_CASE_OK;
    cr_assert(eq(str, (char *)ipm_text_shared_reason(reason, &report, 8),
                 "'connect' needs connections, and 'pipe' has none"));
    ipm_report_done(&report);
}

Test(reports_sides, a_reason_that_names_the_pattern_is_one_line_for_all) {
    struct ipm_report report = sides_report();
    char reason[IPM_REASON_BYTES];
    static const char *const patterns[] = {"duplex", "ping-pong"};
    for (size_t i = 8; i < 10; i++) {
        struct ipm_case *c = &report.cases[i];
        c->status = IPM_CASE_SKIPPED;
        c->config = report.cases[8].config;
        (void)snprintf(c->config.pattern, sizeof c->config.pattern, "%s",
                       patterns[i - 8]);
        (void)snprintf(c->reason, IPM_REASON_BYTES, "'%s' is not for '%s'",
                       c->config.pattern, c->config.transport);
    }
    cr_assert(not(ipm_text_leads_reason(&report, 9)));
    cr_assert(eq(str, (char *)ipm_text_shared_reason(reason, &report, 8),
                 "the pattern is not for 'pipe'"));
    ipm_report_done(&report);
}

Test(reports_sides, skipped_cases_of_two_placements_count_once) {
    struct ipm_report report = sides_report();
    for (size_t i = 0; i < report.case_count; i++) {
        report.cases[i].status = IPM_CASE_SKIPPED;
        (void)strcpy(report.cases[i].reason, "not today");
    }
    cr_assert(eq(str, ipm_text_absent(&report, 0).text,
                 "64 B pipe, 64 B pipe-pair, 64 B unix and 5 more"));
    ipm_report_done(&report);
}

Test(reports_sides, cases_with_one_reason_are_one_line) {
    struct ipm_report report = sides_report();
    struct ipm_sentence words;
    cr_assert(ipm_text_leads_reason(&report, 7));
    cr_assert(not(ipm_text_leads_reason(&report, 15)));
    words = ipm_text_absent(&report, 7);
    cr_assert(eq(str, words.text, "64 KiB udp"));
    for (size_t i = 8; i < 15; i++) {
        report.cases[i].status = IPM_CASE_SKIPPED;
        (void)strcpy(report.cases[i].reason, report.cases[7].reason);
    }
    words = ipm_text_absent(&report, 7);
    cr_assert(eq(str, words.text, "64 KiB udp, 64 B pipe, 64 B pipe-pair and 5 more"));
    report.cases[7].reason[0] = '\0';
    cr_assert(eq(str, (char *)ipm_text_reason(&report, 7), "no reason given"));
    ipm_report_done(&report);
}
