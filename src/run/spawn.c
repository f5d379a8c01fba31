/* spawn.c - one more process of a trial. Knows nothing of what it does. */
#include "run/spawn.h"

#include "base/err.h"
#include "run/stop.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of gcc's and clang's coverage run-time, where the program is built with it: _exit skips
 * the handler of atexit that would write the counts. */
extern void __gcov_dump(void) __attribute__((weak));

_Noreturn static void spawn_exit(int status) {
    if (__gcov_dump)
        __gcov_dump();
    _exit(status);
}

_Noreturn static void spawn_live(int (*live)(void *), void *context, pid_t parent,
                                 const sigset_t *mask) {
    /* The parent may have died before this call: then nobody would send the signal. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        spawn_exit(1);
    ipm_stop_disown();
    (void)sigprocmask(SIG_SETMASK, mask, NULL);
    spawn_exit(live(context));
}

/* Signals wait while the child still has its parent's handlers. */
int ipm_spawn(int (*live)(void *context), void *context, void (*born)(pid_t child),
              pid_t *ret_pid, struct ipm_err *err) {
    sigset_t all;
    sigset_t before;
    const pid_t parent = getpid();
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, &before);
    const pid_t child = fork();
    const int failed = child < 0 ? -errno : 0;
    if (child == 0)
        spawn_live(live, context, parent, &before);
    if (born && !failed)
        born(child);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    if (failed)
        return ipm_err_sys(err, failed, "cannot fork");
    *ret_pid = child;
    return 0;
}

static int spawn_compare(const void *a, const void *b) {
    const int left = *(const int *)a;
    const int right = *(const int *)b;
    return (left > right) - (left < right);
}

/* From first to last, both included. A kernel before Linux 5.9 has no close_range(2). */
static void spawn_close_between(int first, int last) {
    if (first > last || close_range((unsigned)first, (unsigned)last, 0) == 0)
        return;
    const long most = sysconf(_SC_OPEN_MAX);
    for (int fd = first; fd <= last && fd < most; fd++)
        (void)close(fd);
}

void ipm_spawn_keep_only(int *kept, unsigned count) {
    int next = STDERR_FILENO + 1;
    qsort(kept, count, sizeof *kept, spawn_compare);
    for (unsigned i = 0; i < count; i++)
        if (kept[i] >= next) {
            spawn_close_between(next, kept[i] - 1);
            next = kept[i] + 1;
        }
    spawn_close_between(next, INT_MAX);
}

int ipm_spawn_has_ended(pid_t pid) {
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid != 0;
}

int ipm_spawn_is_stopped(pid_t pid) {
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
           info.si_code == CLD_STOPPED;
}

int ipm_spawn_reap(pid_t pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        if (ipm_stop_wanted())
            (void)kill(pid, SIGKILL);
    return status;
}
