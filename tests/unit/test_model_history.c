/* Which reports are the history of the newest one. */
#include "model/compare/history.h"

#include "tests/support/report_sample_case.h"

#include <criterion/criterion.h>
#include <stdio.h>

enum { RUNS = IPM_HISTORY_MOST + 3 };

static struct ipm_report runs[RUNS];

/* Run i began in minute i, and they are in the reverse order. */
static void history_setup(void) {
    for (size_t i = 0; i < RUNS; i++) {
        struct ipm_report *run = &runs[RUNS - 1 - i];
        ipm_report_init(run);
        (void)snprintf(run->run.started_at, sizeof run->run.started_at,
                       "2026-07-01T%02zu:%02zu:00Z", i / 60, i % 60);
    }
}

TestSuite(model_history, .init = history_setup);

Test(model_history, runs_are_in_the_order_of_time) {
    const struct ipm_history history = ipm_history_of(runs, 3);
    cr_assert_eq(history.count, 3);
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(history.runs[i], &runs[2 - i]);
    cr_expect_eq(history.unlike, 0);
    cr_expect_eq(history.older, 0);
}

Test(model_history, the_oldest_ones_are_left_out) {
    const struct ipm_history history = ipm_history_of(runs, RUNS);
    cr_assert_eq(history.count, IPM_HISTORY_MOST);
    cr_expect_eq(history.older, 3);
    for (size_t i = 0; i < IPM_HISTORY_MOST; i++)
        cr_expect_eq(history.runs[i], &runs[IPM_HISTORY_MOST - 1 - i]);
}

Test(model_history, what_is_unlike_the_newest_is_left_out) {
    ipm_sample_text(runs[0].host.cpu_model, sizeof runs[0].host.cpu_model, "new");
    cr_expect_eq(ipm_history_of(runs, 3).count, 1);
    cr_expect_eq(ipm_history_of(runs, 3).unlike, 2);
    cr_expect_eq(ipm_history_of(runs + 1, 3).count, 3);
}

Test(model_history, a_run_that_is_there_twice_is_shown_once) {
    ipm_sample_text(runs[2].run.started_at, IPM_NAME_BYTES, runs[1].run.started_at);
    cr_expect_eq(ipm_history_of(runs, 3).count, 2);
    runs[2].run.seed = 1;
    cr_expect_eq(ipm_history_of(runs, 3).count, 3);
}
