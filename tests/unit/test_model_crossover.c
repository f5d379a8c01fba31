/* test_model_crossover.c - where two transports change places, over a made-up report. */
#include "model/report/crossover.h"
#include "model/report/report.h"
#include "tests/support/choice_sample.h"

#include <criterion/criterion.h>
#include <string.h>

static struct ipm_report crossover_report;
static struct ipm_crossovers crossover_list;

static void crossover_done(void) {
    ipm_crossovers_done(&crossover_list);
    ipm_report_done(&crossover_report);
}

TestSuite(model_crossover, .fini = crossover_done);

static const struct ipm_crossover *crossover_of(const char *passes, const char *passed,
                                                const char *pin) {
    for (size_t i = 0; i < crossover_list.count; i++) {
        const struct ipm_crossover *found = &crossover_list.items[i];
        if (strcmp(found->passes.transport, passes) == 0 &&
            strcmp(found->passed.transport, passed) == 0 &&
            strcmp(found->passes.pin, pin) == 0)
            return found;
    }
    return NULL;
}

Test(model_crossover, is_between_the_sizes_where_each_is_better) {
    ipm_choice_sample(&crossover_report, 12);
    cr_assert_eq(ipm_crossovers_find(&crossover_list, &crossover_report), 0);
    const struct ipm_crossover *found = crossover_of("unix", "pipe", "same");
    cr_assert_not_null(found); /* 800 + n/4 = 2000 + n/10 at 8,000 bytes */
    cr_expect_eq(found->passed.message_bytes, 4096);
    cr_expect_eq(found->passes.message_bytes, 16384);
    cr_expect_null(crossover_of("unix", "pipe", "split"), "unix is always better there");
    cr_expect_null(crossover_of("pipe", "unix", "same"));
    cr_expect_null(crossover_of("pipe-pair", "pipe", "same"), "there is no difference");
}

Test(model_crossover, is_of_a_report_only_where_it_was_asked_for) {
    ipm_choice_sample(&crossover_report, 12);
    cr_expect_eq(crossover_report.crossovers.count, 0);
    crossover_report.settings.find_crossovers = true;
    cr_assert_eq(ipm_report_summarize(&crossover_report), 0);
    const size_t count = crossover_report.crossovers.count;
    cr_expect_gt(count, 0);
    cr_assert_eq(ipm_report_summarize(&crossover_report), 0);
    cr_expect_eq(crossover_report.crossovers.count, count, "a second call changes it");
}

Test(model_crossover, is_not_seen_in_too_few_rounds) {
    ipm_choice_sample(&crossover_report, 5);
    cr_assert_eq(ipm_crossovers_find(&crossover_list, &crossover_report), 0);
    cr_expect_eq(crossover_list.count, 0);
}

Test(model_crossover, is_narrowed_by_round_sizes_until_it_is_narrow) {
    static const struct {
        uint64_t below;
        uint64_t above;
        uint64_t between;
    } rows[] = {{4096, 16384, 8192}, {8192, 16384, 11776}, {9728, 11264, 0}, {1, 4, 2},
                {1, 2, 0},           {64, 64, 0},          {100, 200, 144}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ipm_crossover crossover = {0};
        crossover.passed.message_bytes = rows[i].below;
        crossover.passes.message_bytes = rows[i].above;
        cr_expect_eq(ipm_crossover_between(&crossover), rows[i].between, "%zu", i);
    }
}
