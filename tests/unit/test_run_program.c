/* test_run_program.c - another program, run to its end. */
#include "base/err.h"
#include "run/process/program.h"
#include "run/process/stop.h"
#include "tests/support/leaks.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct ipm_leaks leaks;

static void program_begin(void) {
    ipm_stop_install();
    ipm_leaks_begin(&leaks);
}

static void program_end(void) {
    ipm_leaks_end(&leaks);
}

TestSuite(run_program, .init = program_begin, .fini = program_end);

static int program_sh(const char *script, struct ipm_said *said, struct ipm_err *err) {
    char *const argv[] = {"sh", "-c", (char *)script, NULL};
    return ipm_program_run(argv, said, err);
}

static const char *program_line(FILE *file) {
    static char line[128];
    line[0] = '\0';
    (void)!fgets(line, sizeof line, file);
    return line;
}

Test(run_program, keeps_what_it_says_and_how_it_ends) {
    struct ipm_said said;
    struct ipm_err err = {0};
    cr_assert_eq(program_sh("read x; echo out$x; echo err >&2; exit 3", &said, &err), 0);
    cr_expect_eq(WEXITSTATUS(said.status), 3);
    cr_expect_str_eq(program_line(said.out), "out\n");
    cr_expect_str_eq(program_line(said.err), "err\n");
    ipm_said_done(&said);
}

Test(run_program, tells_what_cannot_be_run) {
    char *const argv[] = {"no-such-program", "x", NULL};
    struct ipm_said said;
    struct ipm_err err = {0};
    cr_expect_eq(ipm_program_run(argv, &said, &err), -ENOENT);
    cr_expect_str_eq(err.text, "cannot run 'no-such-program': No such file or directory");
    ipm_said_done(&said);
}

Test(run_program, gives_it_the_signals_of_any_program) {
    struct ipm_said said;
    struct ipm_err err = {0};
    cr_assert_eq(program_sh("kill -PIPE $$; exit 0", &said, &err), 0);
    cr_expect(WIFSIGNALED(said.status) && WTERMSIG(said.status) == SIGPIPE);
    ipm_said_done(&said);
}

static pid_t program_pid(struct ipm_said *said) {
    return (pid_t)atol(program_line(said->out));
}

/* A process that is no child of ours and has ended may be a zombie until init reaps it. */
static int program_is_gone(pid_t pid) {
    char path[64];
    char state = 'Z';
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return 1;
    (void)!fscanf(file, "%*d (%*[^)]) %c", &state);
    (void)fclose(file);
    return state == 'Z' || state == 'X';
}

static void program_expect_gone(pid_t pid) {
    for (int i = 0; i < 2000 && !program_is_gone(pid); i++)
        (void)usleep(10000);
    cr_expect(pid > 1 && program_is_gone(pid), "%d", (int)pid);
}

Test(run_program, leaves_nothing_of_it_behind) {
    struct ipm_said said;
    struct ipm_err err = {0};
    cr_assert_eq(program_sh("sleep 1000 & echo $!", &said, &err), 0);
    program_expect_gone(program_pid(&said));
    ipm_said_done(&said);
}

Test(run_program, is_ended_when_the_user_wants_an_end) {
    struct ipm_said said;
    struct ipm_err err = {0};
    cr_expect_eq(program_sh("sleep 1000 & echo $!; kill -TERM $PPID; wait", &said, &err),
                 -EINTR);
    program_expect_gone(program_pid(&said));
    ipm_said_done(&said);
}

Test(run_program, is_asked_before_it_is_made_to) {
    struct ipm_said said;
    struct ipm_err err = {0};
    cr_expect_eq(program_sh("trap 'echo bye; exit 7' TERM; kill -TERM $PPID; "
                            "while :; do sleep 0.01; done",
                            &said, &err),
                 -EINTR);
    cr_expect(WIFEXITED(said.status) && WEXITSTATUS(said.status) == 7);
    cr_expect_str_eq(program_line(said.out), "bye\n");
    ipm_said_done(&said);
}
