/* test_run_try_in_child.c - code that crashes, hangs or leaves, called in a child first. */
#include "base/err.h"
#include "run/process/try_in_child.h"
#include "tests/support/leaks.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { REHEARSE_S = 20 };

static struct ipm_err rehearse_err;

static int rehearse(void (*act)(void *), void *context, unsigned seconds) {
    struct ipm_leaks leaks;
    ipm_leaks_begin(&leaks);
    rehearse_err = (struct ipm_err){0};
    const int failed = ipm_try_in_child(act, context, seconds, &rehearse_err);
    ipm_leaks_end(&leaks);
    cr_assert_eq(failed, rehearse_err.code);
    return failed;
}

static void rehearse_write(void *context) {
    int *number = context;
    ipm_try_in_child_next("the writing");
    *number = 17;
}

static void rehearse_crash(void *context) {
    ipm_try_in_child_next("the %s of '%s'", "crash", (const char *)context);
    (void)signal(SIGSEGV, SIG_DFL); /* a sanitizer has its own */
    (void)raise(SIGSEGV);
}

static void rehearse_leave(void *context) {
    ipm_try_in_child_next("the beginning");
    ipm_try_in_child_next("the end");
    _exit(*(const int *)context);
}

static void rehearse_hang(void *context) {
    (void)context;
    sigset_t all;
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, NULL);
    ipm_try_in_child_next("the wait");
    for (;;)
        (void)pause();
}

Test(run_try_in_child, is_content_when_it_comes_back_and_keeps_nothing_of_it) {
    int number = 3;
    cr_expect_eq(rehearse(rehearse_write, &number, REHEARSE_S), 0);
    cr_expect_eq(number, 3);
}

Test(run_try_in_child, tells_what_crashed) {
    cr_expect_eq(rehearse(rehearse_crash, "mine", REHEARSE_S), -ECHILD);
    cr_expect_str_eq(rehearse_err.text,
                     "the crash of 'mine' crashes with signal 11 (Segmentation fault)");
}

Test(run_try_in_child, tells_what_left_the_program_even_with_status_0) {
    int status = 0;
    cr_expect_eq(rehearse(rehearse_leave, &status, REHEARSE_S), -ECHILD);
    cr_expect_str_eq(rehearse_err.text, "the end exits the program with status 0");
    status = 7;
    cr_expect_eq(rehearse(rehearse_leave, &status, REHEARSE_S), -ECHILD);
    cr_expect_str_eq(rehearse_err.text, "the end exits the program with status 7");
}

Test(run_try_in_child, ends_what_hangs) {
    cr_expect_eq(rehearse(rehearse_hang, NULL, 1), -ETIMEDOUT);
    cr_expect_str_eq(rehearse_err.text, "the wait does not return within 1 s");
}

/* Leaves a child that stays, whatever its parent does. */
static void rehearse_orphan(void *context) {
    const pid_t child = fork();
    if (child == 0)
        rehearse_hang(NULL);
    *(pid_t *)context = child;
}

/* rehearse() fails the test when there is a child afterwards, a zombie included. */
Test(run_try_in_child, leaves_no_orphan) {
    cr_expect_eq(rehearse(rehearse_orphan, &(pid_t){0}, REHEARSE_S), 0);
}

Test(run_try_in_child, outside_of_one_nothing_comes_next) {
    ipm_try_in_child_next("nobody %s", "listens");
}
