/* test_run_worker.c - a thread that waits, works, is roused, or is sent home. */
#include <criterion/criterion.h>
#include <errno.h>
#include <unistd.h>

#include "base/err.h"
#include "run/process/stop.h"
#include "run/process/worker.h"

struct work {
    int fds[2];
    int begun;
    int seen;
};

static int work_read(void *context) {
    struct work *work = context;
    char byte;
    work->begun++;
    return read(work->fds[0], &byte, 1) == 1 ? byte : -errno;
}

/* A read that is broken off by anything but the stop flag goes on. */
static int work_read_until_stopped(void *context) {
    struct work *work = context;
    char byte;
    while (read(work->fds[0], &byte, 1) < 0 && errno == EINTR && !ipm_stop_flag)
        work->seen++;
    return -EINTR;
}

static void work_open(struct work *work) {
    *work = (struct work){.fds = {-1, -1}};
    cr_assert_eq(pipe(work->fds), 0);
    ipm_stop_flag = 0;
}

static void work_close(struct work *work) {
    (void)close(work->fds[0]);
    (void)close(work->fds[1]);
    ipm_stop_flag = 0;
}

Test(run_worker, gives_what_its_work_returned) {
    struct ipm_err err = {0};
    struct ipm_worker hand;
    struct work work;
    work_open(&work);
    cr_assert_eq(ipm_worker_start(&hand, work_read, &work, &err), 0);
    ipm_worker_go(&hand);
    cr_assert_eq(write(work.fds[1], "*", 1), 1);
    cr_expect_eq(ipm_worker_join(&hand), '*');
    cr_expect(ipm_worker_is_done(&hand));
    work_close(&work);
}

Test(run_worker, does_nothing_before_it_is_let_go) {
    struct ipm_err err = {0};
    struct ipm_worker hand;
    struct work work;
    work_open(&work);
    cr_assert_eq(write(work.fds[1], "*", 1), 1);
    cr_assert_eq(ipm_worker_start(&hand, work_read, &work, &err), 0);
    (void)usleep(20000);
    cr_expect_not(ipm_worker_is_done(&hand));
    ipm_worker_done(&hand);
    cr_expect_eq(work.begun, 0);
    work_close(&work);
}

Test(run_worker, is_roused_out_of_a_blocking_call_by_the_stop_flag) {
    struct ipm_err err = {0};
    struct ipm_worker hand;
    struct work work;
    work_open(&work);
    cr_assert_eq(ipm_worker_start(&hand, work_read_until_stopped, &work, &err), 0);
    ipm_worker_go(&hand);
    (void)usleep(20000);
    ipm_stop_flag = 1;
    cr_expect_eq(ipm_worker_join(&hand), -EINTR);
    work_close(&work);
}

Test(run_worker, comes_back_from_its_call_when_roused) {
    struct ipm_err err = {0};
    struct ipm_worker hand;
    struct work work;
    work_open(&work);
    cr_assert_eq(ipm_worker_start(&hand, work_read, &work, &err), 0);
    ipm_worker_go(&hand);
    while (!ipm_worker_is_done(&hand))
        ipm_worker_interrupt(&hand);
    cr_expect_eq(ipm_worker_join(&hand), -EINTR);
    ipm_worker_interrupt(&hand); /* of one that is gone: nothing */
    work_close(&work);
}

Test(run_worker, may_be_sent_home_twice_and_before_it_is_made) {
    struct ipm_err err = {0};
    struct ipm_worker hand = {0};
    struct work work;
    work_open(&work);
    ipm_worker_done(&hand);
    cr_assert_eq(ipm_worker_start(&hand, work_read, &work, &err), 0);
    ipm_worker_done(&hand);
    ipm_worker_done(&hand);
    work_close(&work);
}
