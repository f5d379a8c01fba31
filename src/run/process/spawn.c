/* spawn.c - starts processes: those of a trial, and other programs. */
#include "run/process/spawn.h"

#include "base/err.h"
#include "base/libc.h"
#include "run/process/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The coverage run-time of gcc and clang, where the program is built with it: _exit
 * skips the atexit handler that would write the counts. */
extern void __gcov_dump(void) __attribute__((weak));

_Noreturn static void spawn_exit(int status) {
    if (__gcov_dump)
        __gcov_dump();
    _exit(status);
}

_Noreturn static void spawn_live(int (*live)(void *), void *context, pid_t parent,
                                 const sigset_t *mask) {
    /* If the parent died before this call, nobody would send the signal. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        spawn_exit(1);
    ipm_stop_disown();
    (void)sigprocmask(SIG_SETMASK, mask, NULL);
    spawn_exit(live(context));
}

/* Tries in the parent whether the system call is permitted: a child that cannot get the signal at
 * its parent's death ends without a message. Returns 0 or a negative errno. */
static int spawn_probe(struct ipm_err *err) {
    int number = 0;
    if (prctl(PR_GET_PDEATHSIG, &number) == 0)
        return 0;
    const int failed = -errno;
    ipm_err_limit(err, "%s", IPM_ERR_FORBIDDEN);
    return ipm_err_sys(err, failed, "cannot tie a child to this process by prctl");
}

/* Signals are blocked while the child still has its parent's handlers. */
int ipm_spawn(int (*live)(void *context), void *context, void (*born)(pid_t child),
              pid_t *ret_pid, struct ipm_err *err) {
    sigset_t all;
    sigset_t before;
    const pid_t parent = getpid();
    int failed = spawn_probe(err);
    if (failed)
        return failed;
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, &before);
    const pid_t child = fork();
    failed = child < 0 ? -errno : 0;
    if (child == 0)
        spawn_live(live, context, parent, &before);
    if (born && !failed)
        born(child);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    if (failed == -EAGAIN)
        ipm_err_limit(err, IPM_SPAWN_LIMIT);
    if (failed)
        return ipm_err_sys(err, failed, "cannot fork");
    *ret_pid = child;
    return 0;
}

/* --- another program -------------------------------------------------------------------- */

struct spawn_program {
    char *const *argv;
    int out;
    int err_out;
    int told; /* closed by exec; receives the errno if that fails */
};

/* Resets ignored signals and the signal mask, because both survive exec(3). */
static void spawn_forget_signals(void) {
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        (void)signal(number, SIG_DFL); /* fails for SIGKILL and SIGSTOP */
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static int spawn_replace(void *context) {
    const struct spawn_program *program = context;
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    spawn_forget_signals();
    if (nothing >= 0 && setpgid(0, 0) == 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
        dup2(program->out, STDOUT_FILENO) >= 0 &&
        dup2(program->err_out, STDERR_FILENO) >= 0)
        (void)execvp(program->argv[0], program->argv);
    const int why = errno;
    (void)!write(program->told, &why, sizeof why); /* nobody else to report to */
    return 127;
}

static int spawn_refuse(const char *name, int why, struct ipm_err *err) {
    if (why == ENOENT || why == ENOTDIR)
        ipm_err_hint(err, "a program is named by its path, or is in a folder of PATH");
    if (why == EACCES || why == ENOEXEC)
        ipm_err_hint(err, "it must be a program that this user may execute");
    return ipm_err_sys(err, -why, "cannot run '%.200s'", name);
}

/* Returns 0 or the errno that execve(2) would give, as far as the file tells. */
static int spawn_check_file(const char *path) {
    struct stat status;
    if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) != 0 || stat(path, &status) != 0)
        return errno;
    return S_ISREG(status.st_mode) ? 0 : EACCES;
}

/* The search of execvp(3), which goes on after a file that may not be executed. */
static int spawn_search(const char *name, const char *folders) {
    char path[PATH_MAX];
    int why = ENOENT;
    for (const char *at = folders; at != NULL; at = strchr(at, ':')) {
        at += at != folders; /* behind the colon */
        const int length = (int)strcspn(at, ":");
        const int used = snprintf(path, sizeof path, "%.*s%s%s", length, at,
                                  length > 0 ? "/" : "", name);
        const int found = used < (int)sizeof path ? spawn_check_file(path) : ENAMETOOLONG;
        if (found == 0)
            return 0;
        if (found == EACCES)
            why = found;
    }
    return why;
}

int ipm_spawn_check(const char *name, struct ipm_err *err) {
    const char *folders = getenv("PATH");
    int why = ENOENT;
    if (strchr(name, '/') != NULL)
        why = spawn_check_file(name);
    else if (name[0] != '\0')
        why = spawn_search(name, folders != NULL ? folders : "/bin:/usr/bin");
    return why == 0 ? 0 : spawn_refuse(name, why, err);
}

int ipm_spawn_program(char *const argv[], int out, int err_out, pid_t *ret_pid,
                      struct ipm_err *err) {
    int told[2];
    int why = 0;
    if (pipe2(told, O_CLOEXEC) != 0)
        return ipm_err_sys(err, -errno, "cannot run '%.200s'", argv[0]);
    struct spawn_program program = {
        .argv = argv, .out = out, .err_out = err_out, .told = told[1]};
    const int failed = ipm_spawn(spawn_replace, &program, NULL, ret_pid, err);
    while (close(told[1]) != 0 && errno != EBADF)
        continue; /* while it is open, the end of the child's copy is not seen */
    ssize_t length = 0;
    while (!failed && (length = read(told[0], &why, sizeof why)) < 0 && errno == EINTR &&
           !ipm_stop_wanted())
        ;
    (void)close(told[0]);
    if (failed || length != (ssize_t)sizeof why) /* it runs or is being loaded */
        return failed;
    (void)ipm_spawn_reap(*ret_pid);
    return spawn_refuse(argv[0], why, err);
}

/* --- descriptors and ends ---------------------------------------------------------------- */

static int spawn_compare(const void *a, const void *b) {
    const int left = *(const int *)a;
    const int right = *(const int *)b;
    return (left > right) - (left < right);
}

/* Closes the descriptors from first to last, both included. Kernels before Linux 5.9
 * have no close_range(2). */
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

/* A plugin may reap children of others: then there is none. */
int ipm_spawn_has_ended(pid_t pid) {
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0
               ? info.si_pid != 0
               : errno == ECHILD;
}

int ipm_spawn_is_stopped(pid_t pid) {
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
                   info.si_code == CLD_STOPPED
               ? info.si_status
               : 0;
}

int ipm_spawn_await(pid_t pid) {
    siginfo_t info = {0};
    while (!ipm_stop_wanted())
        if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0 || errno != EINTR)
            break;
    return ipm_spawn_has_ended(pid);
}

int ipm_spawn_await_eof(int fd) {
    char byte;
    while (read(fd, &byte, 1) < 0)
        if (errno != EINTR)
            return -errno;
    return 0;
}

int ipm_spawn_reap(pid_t pid) {
    int status = 0;
    if (!ipm_spawn_await(pid))
        (void)kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}
