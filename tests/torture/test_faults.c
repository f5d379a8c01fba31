/* test_faults.c - every fallible call of a trial fails once, on each side, with each of the
 * errors that a full system gives: the trial says so, and nothing is left. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "fault.h"
#include "rows.h"
#include "run/patterns/pattern.h"
#include "run/process/stop.h"
#include "tests/support/leaks.h"
#include "tests/support/trial.h"
#include "transports/transport.h"

enum { FAULTS_MOST = 400 };

enum { FAULTS_ERRORS = 3 };
static const int faults_errors[FAULTS_ERRORS] = {EMFILE, ENOMEM, EAGAIN};

static const char *faults_pattern = "stream";
static size_t faults_most = FAULTS_ERRORS; /* of the errors for each transport */

static int faults_run(const struct ipm_transport *transport, struct ipm_err *err) {
    struct ipm_test_trial config = ipm_test_trial_make(transport, faults_pattern, 512, 5);
    config.settings.buffer_bytes = 65536;
    config.settings.batch = 2;
    config.trial.timeout_ns = IPM_FAULT_LONG_NS;
    struct ipm_sample sample = {0};
    struct ipm_trial_facts facts;
    int failed = ipm_test_trial_run(&config, &sample, &facts, err);
    ipm_sample_done(&sample);
    return failed;
}

/* Returns whether the nth call was reached. */
static int faults_strike(const struct ipm_transport *transport, enum ipm_fault_side side,
                         int nth, int error_number) {
    struct ipm_err err = {0};
    ipm_fault_arm(side, nth, error_number);
    const int failed = faults_run(transport, &err);
    const int struck = ipm_fault_disarm();
    cr_assert(!failed == !err.code, "%s: %s", transport->name, err.text);
    cr_assert(!failed || !struck || ipm_fault_is_told(err.text), "%s, %s: %s",
              transport->name, ipm_fault_name(), err.text);
    cr_assert(struck || !failed, "%s fails by itself: %s", transport->name, err.text);
    return struck;
}

static int faults_sweep(const struct ipm_transport *transport, enum ipm_fault_side side,
                        int error_number, const struct ipm_leaks *leaks) {
    int nth = 0;
    while (nth < FAULTS_MOST && faults_strike(transport, side, nth, error_number)) {
        ipm_leaks_check(leaks);
        nth++;
    }
    cr_assert_lt(nth, FAULTS_MOST, "%s: the sweep has no end", transport->name);
    return nth;
}

static bool faults_can(const struct ipm_transport *transport) {
    const unsigned traits = ipm_pattern_find(faults_pattern)->kind.traits;
    if ((traits & IPM_TRAIT_CONNECTS) != 0)
        return transport->connect;
    return (traits & IPM_TRAIT_TWO_WAY) == 0 || transport->direction != IPM_SIMPLEX;
}

/* Rows with the same functions are variants of one transport: the first has every error, and
 * each of the others one. */
static size_t faults_errors_of(const struct ipm_transport *ops) {
    for (size_t i = 0; ipm_transports[i] != ops; i++)
        if (ipm_transports[i]->open == ops->open &&
            ipm_transports[i]->attach == ops->attach)
            return 1;
    return faults_most;
}

static void faults_everywhere(const struct ipm_transport *ops, enum ipm_fault_side side,
                              int least) {
    struct ipm_leaks leaks;
    ipm_stop_install();
    ipm_leaks_begin(&leaks);
    for (size_t e = 0; faults_can(ops) && e < faults_errors_of(ops); e++) {
        int struck = faults_sweep(
            ops, side, faults_errors[(ipm_row_of(ops) + e) % FAULTS_ERRORS], &leaks);
        cr_assert(struck >= least, "%s: only %d calls failed", ops->name, struck);
    }
    ipm_leaks_end(&leaks);
}

IPM_ROW_TEST(ops, faults, in_the_parent_one_after_the_other_leave_nothing, 0u) {
    faults_everywhere(ops, IPM_FAULT_PARENT, 5);
}

IPM_ROW_TEST(ops, faults, in_the_child_one_after_the_other_leave_nothing, 0u) {
    faults_everywhere(ops, IPM_FAULT_CHILD, 2);
}

static void faults_in(const struct ipm_transport *ops, const char *pattern) {
    faults_pattern = pattern;
    faults_most = 1;
    faults_everywhere(ops, IPM_FAULT_PARENT, 5);
    faults_everywhere(ops, IPM_FAULT_CHILD, 2);
}

IPM_ROW_TEST(ops, faults, of_both_ways_at_once_leave_nothing, 0u) {
    faults_in(ops, "duplex");
}

IPM_ROW_TEST(ops, faults, of_question_and_answer_leave_nothing, 0u) {
    faults_in(ops, "ping-pong");
}

IPM_ROW_TEST(ops, faults, of_connections_leave_nothing, 0u) {
    faults_in(ops, "connect");
}

Test(faults, of_fork_is_told_in_the_words_of_errno) {
    struct ipm_err err = {0};
    ipm_stop_install();
    for (int nth = 0; nth < FAULTS_MOST && strcmp(ipm_fault_name(), "fork") != 0; nth++) {
        err = (struct ipm_err){0};
        ipm_fault_arm(IPM_FAULT_PARENT, nth, EAGAIN);
        (void)faults_run(ipm_transports[0], &err);
        (void)ipm_fault_disarm();
    }
    cr_assert_str_eq(err.text, "cannot fork: Resource temporarily unavailable");
}
