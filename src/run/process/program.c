/* program.c - another program, run to its end. */
#include "run/process/program.h"

#include "base/err.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What it may take to leave by itself, once asked to. */
enum { PROGRAM_STEP_MS = 20, PROGRAM_STEPS = 250 };

void ipm_said_done(struct ipm_said *said) {
    if (said->out != NULL)
        (void)fclose(said->out);
    if (said->err != NULL)
        (void)fclose(said->err);
    *said = (struct ipm_said){0};
}

/* Memory, not a pipe: nobody has to read while the program runs. */
static FILE *program_file(const char *name) {
    const int fd = memfd_create(name, MFD_CLOEXEC);
    FILE *file = fd >= 0 ? fdopen(fd, "w+e") : NULL;
    if (file == NULL && fd >= 0)
        (void)close(fd);
    return file;
}

static int program_open(struct ipm_said *said, struct ipm_err *err) {
    said->out = program_file("ipcmark-out");
    said->err = said->out != NULL ? program_file("ipcmark-err") : NULL;
    return said->err != NULL ? 0 : ipm_err_sys(err, -errno, "cannot keep what is said");
}

static void program_doze(void) {
    const struct timespec step = {.tv_nsec = PROGRAM_STEP_MS * 1000000L};
    (void)nanosleep(&step, NULL); /* sooner is fine */
}

/* Asks the group to end, and makes it. */
static void program_end(pid_t child) {
    (void)kill(-child, SIGTERM);
    (void)kill(-child, SIGCONT); /* a stopped process handles no signal */
    for (int i = 0; i < PROGRAM_STEPS && !ipm_spawn_has_ended(child); i++)
        program_doze();
}

/* SIGCHLD and the user's signals come inside sigsuspend(2) alone, so that none is missed
 * between looking and waiting. */
static void program_wait(pid_t child) {
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, &before);
    while (!ipm_stop_wanted() && !ipm_spawn_has_ended(child))
        (void)sigsuspend(&before);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
}

int ipm_program_run(char *const argv[], struct ipm_said *ret_said, struct ipm_err *err) {
    pid_t child = 0;
    *ret_said = (struct ipm_said){0};
    int code = program_open(ret_said, err);
    if (code == 0)
        code = ipm_spawn_program(argv, fileno(ret_said->out), fileno(ret_said->err),
                                 &child, err);
    if (code < 0)
        return code;
    program_wait(child);
    const int stopped = ipm_stop_wanted() && !ipm_spawn_has_ended(child);
    if (stopped)
        program_end(child);
    /* Before it is reaped: then the number is still its own. */
    (void)kill(-child, SIGKILL);
    ret_said->status = ipm_spawn_reap(child);
    rewind(ret_said->out);
    rewind(ret_said->err);
    return ipm_stop_wanted() ? -EINTR : 0;
}
