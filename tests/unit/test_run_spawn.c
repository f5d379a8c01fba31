/* test_run_spawn.c - how programs are found, and waits of processes for each other. */
#include "base/err.h"
#include "run/process/spawn.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
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

/* What ipm_spawn_check says before must be what execvp(3) says. */
static int spawn_and_reap(const char *name, struct ipm_err *err) {
    char *const argv[] = {(char *)name, NULL};
    pid_t pid = 0;
    const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    const int code = ipm_spawn_program(argv, nothing, nothing, &pid, err);
    if (code == 0)
        (void)ipm_spawn_reap(pid);
    (void)close(nothing);
    return code;
}

static void expect_spawn_alike(const char *name, int code) {
    struct ipm_err told = {0};
    struct ipm_err tried = {0};
    cr_expect_eq(ipm_spawn_check(name, &told), code, "%s: %s", name, told.text);
    cr_expect_eq(spawn_and_reap(name, &tried), code, "%s: %s", name, tried.text);
    cr_expect_str_eq(told.text, tried.text);
    cr_expect_str_eq(told.hint, tried.hint);
}

Test(run_spawn, a_program_is_found_as_execvp_finds_it) {
    static const char *const paths[] = {"/bin:/usr/bin", "/etc:/nowhere:/usr/bin:/bin",
                                        "/nowhere::/usr/bin:/bin"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        cr_assert_eq(setenv("PATH", paths[i], 1), 0);
        expect_spawn_alike("true", 0);
        expect_spawn_alike("no-such-program", -ENOENT);
    }
    cr_assert_eq(setenv("PATH", "/etc:/nowhere", 1), 0);
    expect_spawn_alike("passwd", -EACCES); /* that of /etc */
    cr_assert_eq(unsetenv("PATH"), 0);
    expect_spawn_alike("true", 0);
    expect_spawn_alike("", -ENOENT);
    expect_spawn_alike("/bin/true", 0);
    expect_spawn_alike("/bin", -EACCES);
    expect_spawn_alike("/etc/passwd", -EACCES);
    expect_spawn_alike("/bin/true/x", -ENOTDIR);
    expect_spawn_alike("/no/such", -ENOENT);
}
