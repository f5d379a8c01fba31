/* beside.c - a program that runs beside a run, and the process that ends it.
 *
 * PR_SET_PDEATHSIG reaches one process, and a load such as stress-ng has many. So a keeper
 * process waits for the end-of-file of a pipe that this program holds open, and then ends the load. */
#include "run/process/beside.h"

#include "base/clock.h"
#include "base/err.h"
#include "run/process/program.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    BESIDE_ENDED = 1,
    BESIDE_TICK_MS = 200,
    BESIDE_LOOK_MS = 20,
    BESIDE_REST_MOST = 10000,
};

/* The keeper needs 2 s for a program that does not end when it is asked to. */
static const uint64_t BESIDE_GRACE_NS = 5000000000;

struct beside_start {
    char *const *argv;
    int life[2];
    int told[2]; /* receives the error, once */
};

static bool beside_runs(pid_t child) {
    return !ipm_spawn_has_ended(child) && !ipm_spawn_is_stopped(child);
}

/* Waits until the other end of the pipe is closed. Returns whether the program was running all
 * the time. */
static bool beside_watch(int life, pid_t child) {
    struct pollfd fd = {.fd = life};
    int ready = 0;
    while ((ready = poll(&fd, 1, BESIDE_TICK_MS)) <= 0)
        if (!beside_runs(child) || (ready < 0 && errno != EINTR))
            return false;
    return beside_runs(child);
}

/* Makes this process a keeper. Signals do not end it: it has its own process group, ignores
 * SIGTERM, and ignores SIGPIPE because the parent may die before it has read from the pipe. It
 * adopts processes that lose their parent. */
static void beside_settle(void) {
    (void)prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    (void)setpgid(0, 0);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
}

/* Returns the child of this thread behind the first `skipped`, in the order in which they came, or
 * 0: there is none, or the kernel does not list them (CONFIG_PROC_CHILDREN). */
static int beside_child(unsigned skipped) {
    int child = 0;
    FILE *file = fopen("/proc/thread-self/children", "re");
    if (file == NULL)
        return 0;
    for (unsigned i = 0; i <= skipped; i++)
        if (fscanf(file, "%d", &child) != 1) /* NOLINT(cert-err34-c): of the kernel */
            child = 0;
    (void)fclose(file);
    return child;
}

/* Ends processes that have left the process group of the program, such as daemons. When their parent
 * ends, they become children of this process, after its `own` first ones. */
static void beside_end_rest(unsigned own) {
    int child = 0;
    for (int i = 0; i < BESIDE_REST_MOST && (child = beside_child(own)) > 0; i++) {
        (void)kill(child, SIGKILL);
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
}

/* A program that ends early is reported after the run. */
static int beside_keep(void *context) {
    const struct beside_start *start = context;
    struct ipm_err err = {0};
    struct pollfd fd = {.fd = start->life[0]};
    int kept[] = {start->life[0], start->told[1]};
    pid_t child = 0;
    beside_settle();
    ipm_spawn_keep_only(kept, 2);
    const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    const int failed = ipm_spawn_program(start->argv, nothing, nothing, &child, &err);
    const bool told = write(start->told[1], &err, sizeof err) == (ssize_t)sizeof err;
    (void)close(start->told[1]);
    if (failed)
        return 0;
    const bool ran = told && beside_watch(start->life[0], child);
    (void)ipm_program_end(child);
    while (waitpid(-child, NULL, 0) > 0 || errno == EINTR)
        continue;
    beside_end_rest(0);
    while (poll(&fd, 1, -1) < 0 && errno == EINTR)
        continue;
    return ran ? 0 : BESIDE_ENDED;
}

static void beside_shut(int fds[2]) {
    for (int i = 0; i < 2; i++)
        if (fds[i] >= 0)
            (void)close(fds[i]);
}

/* Waits until the keeper, the program and all of its processes have ended. Continues a stopped
 * keeper. If the keeper was killed, its processes are children of this process. Returns the status of
 * the keeper. */
static int beside_end(struct ipm_beside *beside) {
    const pid_t keeper = beside->keeper;
    const uint64_t until_ns = ipm_clock_now_ns() + BESIDE_GRACE_NS;
    while (!ipm_spawn_has_ended(keeper) && ipm_clock_now_ns() < until_ns) {
        (void)kill(keeper, SIGCONT);
        (void)poll(NULL, 0, BESIDE_LOOK_MS); /* the end of a child interrupts it */
    }
    if (!ipm_spawn_has_ended(keeper))
        (void)kill(keeper, SIGKILL);
    const int status = ipm_spawn_reap(keeper);
    if (!WIFEXITED(status))
        beside_end_rest(beside->own);
    beside->keeper = 0;
    return status;
}

/* Reads the report of the keeper. Continues a stopped keeper. */
static bool beside_hear(int told, pid_t keeper, struct ipm_err *ret_seen) {
    struct pollfd fd = {.fd = told, .events = POLLIN};
    int ready = 0;
    while ((ready = poll(&fd, 1, BESIDE_TICK_MS)) <= 0) {
        if (ipm_stop_wanted() || (ready < 0 && errno != EINTR))
            return false;
        (void)kill(keeper, SIGCONT);
    }
    return read(told, ret_seen, sizeof *ret_seen) == (ssize_t)sizeof *ret_seen;
}

static int beside_spawn(struct ipm_beside *beside, struct beside_start *start,
                        struct ipm_err *err) {
    struct ipm_err seen = {0};
    int failed = ipm_spawn(beside_keep, start, NULL, &beside->keeper, err);
    if (failed)
        return failed;
    (void)close(start->told[1]);
    start->told[1] = -1;
    const bool heard = beside_hear(start->told[0], beside->keeper, &seen);
    if (heard && seen.code == 0)
        return 0;
    (void)close(start->life[1]);
    start->life[1] = -1;
    (void)beside_end(beside);
    if (!heard)
        return ipm_err_set(err, -ECHILD, "cannot run '%.200s'", start->argv[0]);
    *err = seen;
    return seen.code;
}

int ipm_beside_start(struct ipm_beside *ret_beside, char *const argv[],
                     struct ipm_err *err) {
    struct beside_start start = {.argv = argv, .life = {-1, -1}, .told = {-1, -1}};
    *ret_beside = (struct ipm_beside){.life = -1};
    while (beside_child(ret_beside->own) > 0)
        ret_beside->own++;
    (void)prctl(PR_GET_CHILD_SUBREAPER, &ret_beside->adopts);
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    int failed = pipe2(start.life, O_CLOEXEC) != 0 || pipe2(start.told, O_CLOEXEC) != 0
                     ? ipm_err_sys(err, -errno, "cannot run '%.200s'", argv[0])
                     : beside_spawn(ret_beside, &start, err);
    if (!failed) {
        ret_beside->life = start.life[1];
        start.life[1] = -1;
    }
    beside_shut(start.life);
    beside_shut(start.told);
    if (failed)
        (void)prctl(PR_SET_CHILD_SUBREAPER, ret_beside->adopts);
    return failed;
}

int ipm_beside_stop(struct ipm_beside *beside, struct ipm_err *err) {
    if (beside->keeper <= 0)
        return 0;
    (void)close(beside->life);
    const int status = beside_end(beside);
    (void)prctl(PR_SET_CHILD_SUBREAPER, beside->adopts);
    *beside = (struct ipm_beside){.life = -1};
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (WIFSIGNALED(status))
        return ipm_err_set(
            err, -ECHILD,
            "the process that ends the program of '--beside' was killed by "
            "signal %d (%s) before the run was over",
            WTERMSIG(status), strsignal(WTERMSIG(status)));
    return ipm_err_set(err, -ECHILD,
                       "the program of '--beside' ended, or was stopped, before the run "
                       "was over");
}
