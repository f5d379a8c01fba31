/* test_run_trial_failure.c - which of the reasons for a failed trial is told. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "run/trial/outcome.h"

static const char *failure_words(struct ipm_failure facts, int seen_code,
                                 const char *seen_words) {
    static struct ipm_err err;
    struct ipm_err seen = {0};
    if (seen_code)
        (void)ipm_err_sys(&seen, seen_code, "%s", seen_words);
    facts.phase = "in the window";
    facts.timeout_ns = 2000000000;
    facts.seen = &seen;
    err = (struct ipm_err){0};
    cr_expect_eq(ipm_failure(&facts, &err), err.code);
    return err.text;
}

Test(run_trial_failure, of_a_call_that_timed_out_is_not_the_watchdog) {
    const struct ipm_failure early = {.failed = -ETIMEDOUT};
    const struct ipm_failure late = {.failed = -ETIMEDOUT, .expired = true};
    const char *words = failure_words(early, -ETIMEDOUT, "cannot connect");
    cr_expect(strncmp(words, "cannot connect: ", 16) == 0, "%s",
              words); /* libc's follow */
    cr_expect_str_eq(failure_words(late, -ETIMEDOUT, "cannot connect"),
                     "timed out after 2 s in the window");
    cr_expect_str_eq(failure_words(early, 0, ""), "timed out after 2 s in the window");
}
