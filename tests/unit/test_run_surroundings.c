/* test_run_surroundings.c - which threads are of a plugin. */
#include "base/err.h"
#include "run/process/surroundings.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

/* A thread that has its name before this returns, and ends when the pipe is closed. */
struct named_thread {
    pthread_t thread;
    int fds[2];
};

static void *named_live(void *context) {
    char nothing;
    (void)!read(*(int *)context, &nothing, 1);
    return NULL;
}

static void named_start(struct named_thread *named, const char *name) {
    cr_assert_eq(pipe(named->fds), 0);
    cr_assert_eq(pthread_create(&named->thread, NULL, named_live, &named->fds[0]), 0);
    cr_assert_eq(pthread_setname_np(named->thread, name), 0);
}

static void named_end(struct named_thread *named) {
    (void)close(named->fds[1]);
    (void)pthread_join(named->thread, NULL);
    (void)close(named->fds[0]);
}

Test(run_surroundings, threads_count_that_a_plugin_left) {
    struct named_thread left;
    struct ipm_err err = {0};
    ipm_surroundings_count_threads();
    cr_expect_eq(ipm_surroundings_check_threads(&err), 0);
    named_start(&left, "anything");
    cr_expect_eq(ipm_surroundings_check_threads(&err), -EBUSY);
    cr_expect_str_eq(err.text, "1 thread of a plugin is left");
    named_end(&left);
    cr_expect_eq(ipm_surroundings_check_threads(&err), 0);
}

/* "iou-wrk-PID": it stays after a trial over io_uring whose peer was killed. */
Test(run_surroundings, a_worker_of_io_uring_is_of_no_plugin) {
    struct named_thread worker;
    struct ipm_err err = {0};
    ipm_surroundings_count_threads();
    named_start(&worker, "iou-wrk-12345");
    cr_expect_eq(ipm_surroundings_check_threads(&err), 0, "%s", err.text);
    named_end(&worker);
}
