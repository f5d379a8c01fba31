/* test_reports_comparison_words.c - what a reader is told of a figure that nothing can be told
 * of: why, and what would help. */
#include "reports/common/comparison.h"

#include "reports/columns/format.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(reports_comparison_words);

static void expect_note(struct ipm_compared compared, bool paired, const char *wanted) {
    const struct ipm_comparison comparison = {.paired = paired};
    compared.verdict = IPM_VERDICT_UNDECIDED;
    compared.gated = true;
    compared.metric = &ipm_metrics[0];
    const struct ipm_comparison_cells cells =
        ipm_comparison_cells(&comparison, &compared, IPM_UNIT_AUTO);
    cr_expect_str_eq(cells.note, wanted);
}

Test(reports_comparison_words, noise_is_told_with_what_would_do) {
    expect_note((struct ipm_compared){.rounds_more = 12}, true,
                "noise: 12 more blocks would decide it");
    expect_note((struct ipm_compared){.rounds_more = 1}, false,
                "noise: 1 more round would decide it");
}

Test(reports_comparison_words, what_no_number_tells_is_said) {
    expect_note((struct ipm_compared){.drift = 0.1}, false,
                "drift: no reasonable number of rounds would decide it");
    expect_note((struct ipm_compared){.by_runs = true, .base_spread = 0.013}, false,
                "noise: runs of BASE differ by 1.3 %, a quieter machine would decide it");
    expect_note(
        (struct ipm_compared){.by_runs = true, .base_spread = 0.013, .drift = 0.04},
        false, "the machine changed: runs of BASE differ by 1.3 %");
    expect_note((struct ipm_compared){.drift = 0}, true,
                "close to the threshold: no reasonable number of blocks would decide it");
}

Test(reports_comparison_words, a_second_measurement_tells_what_it_would_have_taken) {
    expect_note(
        (struct ipm_compared){.confirmation = IPM_CONFIRMATION_NO, .rounds_more = 7},
        true, "a second measurement did not agree; noise: 7 more blocks would decide it");
    expect_note((struct ipm_compared){.confirmation = IPM_CONFIRMATION_NO}, true,
                "a second measurement did not agree");
}

static void expect_change(double ratio, const char *wanted) {
    const struct ipm_cell cell = ipm_comparison_change(ratio);
    cr_expect_str_eq(cell.text, wanted, "%s", cell.text);
}

Test(reports_comparison_words, a_change_too_small_to_show_has_one_spelling) {
    expect_change(1, "+0.0 %");
    expect_change(0.9999, "+0.0 %");
    expect_change(1.0001, "+0.0 %");
    expect_change(0.9994, "-0.1 %");
    expect_change(0.5, "-50.0 %");
    expect_change(0.0005, "-100 %");
}

Test(reports_comparison_words, a_change_that_is_not_that_of_the_medians_says_so) {
    struct ipm_compared compared = {
        .ratio = 0.9, .rounds_more = 1, .sides = {{.median = 100}, {.median = 90}}};
    expect_note(compared, true, "noise: 1 more block would decide it");
    compared.sides[IPM_ARM_NEW].median = 88;
    expect_note(compared, true,
                "noise: 1 more block would decide it; ratios of blocks, not of medians");
    compared.by_runs = true;
    expect_note(compared, false,
                "noise: runs of BASE differ by 0.0 %, a quieter machine would decide it; "
                "ratios of runs, not of medians");
    compared.by_runs = false;
    compared.reference = IPM_REFERENCE_SYSCALL;
    expect_note(compared, false,
                "noise: 1 more round would decide it; relative to the null system call");
}

Test(reports_comparison_words, a_case_has_a_name_for_people) {
    struct ipm_case_config config = {.transport = "tcp",
                                     .pattern = "stream",
                                     .message_bytes = 65536,
                                     .io = "sync",
                                     .framing = "none",
                                     .wait = "block",
                                     .clients = 1,
                                     .pairs = 1,
                                     .batch = 1,
                                     .inflight = 1,
                                     .pin = "none"};
    cr_expect_str_eq(ipm_text_case(&config).text, "tcp 64 KiB");
    memcpy(config.pattern, "ping-pong", sizeof "ping-pong");
    memcpy(config.pin, "split", sizeof "split");
    memcpy(config.wait, "spin", sizeof "spin");
    cr_expect_str_eq(ipm_text_case(&config).text, "tcp ping-pong 64 KiB spin two CPUs");
}
