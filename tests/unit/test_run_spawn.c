/* test_run_spawn.c - waits of processes for each other. */
#include "run/process/spawn.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

Test(run_spawn, a_closed_pipe_ends_the_wait) {
    int fds[2];
    cr_assert_eq(pipe2(fds, O_CLOEXEC), 0);
    (void)close(fds[1]);
    cr_expect_eq(ipm_spawn_await_eof(fds[0]), 0);
    (void)close(fds[0]);
}

/* Whoever takes this for the end of the wait starts before the others are there. */
Test(run_spawn, a_failed_read_is_no_end_of_the_wait) {
    int fds[2];
    cr_assert_eq(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
    cr_expect_eq(ipm_spawn_await_eof(fds[0]), -EAGAIN);
    (void)close(fds[0]);
    (void)close(fds[1]);
    cr_expect_eq(ipm_spawn_await_eof(fds[0]), -EBADF);
}
