/* try_in_child.c - calls code in a child, with a time limit. */
#include "run/process/try_in_child.h"

#include "base/clock.h"
#include "base/err.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TRY_LOOK_NS = 1000000 };

/* Shared memory that the child writes. */
struct try {
    void (*act)(void *context);
    void *context;
    bool came_back;
    struct ipm_err refused;
    char next[128];
};

/* Set only in the child, for ipm_try_in_child_next. */
static struct try *try_mine;

void ipm_try_in_child_next(const char *format, ...) {
    va_list arguments;
    if (!try_mine)
        return;
    va_start(arguments, format);
    (void)vsnprintf(try_mine->next, sizeof try_mine->next, format, arguments);
    va_end(arguments);
}

void ipm_try_in_child_refuse(const struct ipm_err *err) {
    if (try_mine && try_mine->refused.code == 0)
        try_mine->refused = *err;
}

static int try_live(void *context) {
    try_mine = context;
    (void)setpgid(0, 0);
    try_mine->act(try_mine->context);
    try_mine->came_back = true;
    return 0;
}

/* Waits up to `seconds` for the end of the child, without reaping it. It polls,
 * because the called code may use every timer and block every signal. Returns whether
 * the child has ended. */
static bool try_wait(pid_t child, unsigned seconds) {
    const struct timespec pause = {.tv_nsec = TRY_LOOK_NS};
    const uint64_t until_ns = ipm_clock_now_ns() + UINT64_C(1000000000) * seconds;
    while (!ipm_spawn_has_ended(child)) {
        if (ipm_clock_now_ns() >= until_ns || ipm_stop_signal() != 0)
            return false;
        (void)nanosleep(&pause, NULL); /* an early return is harmless */
    }
    return true;
}

/* Kills the child and the processes it left behind, such as the child of a trial: they
 * form a process group, and orphans become children of this process. */
static int try_clear(pid_t child) {
    (void)kill(-child, SIGKILL);
    (void)kill(child, SIGKILL); /* it may not be a process group yet */
    const int status = ipm_spawn_reap(child);
    while (waitpid(-child, NULL, 0) > 0 || errno == EINTR)
        continue;
    return status;
}

static int try_word(const struct try *attempt, int status, struct ipm_err *err) {
    if (ipm_stop_signal() != 0)
        return ipm_err_set(err, -EINTR, "interrupted");
    if (attempt->came_back && attempt->refused.code)
        *err = attempt->refused;
    if (attempt->came_back)
        return err->code;
    if (WIFSIGNALED(status))
        return ipm_err_set(err, -ECHILD, "%s crashes with signal %d (%s)", attempt->next,
                           WTERMSIG(status), strsignal(WTERMSIG(status)));
    return ipm_err_set(err, -ECHILD, "%s exits the program with status %d", attempt->next,
                       WEXITSTATUS(status));
}

static int try_play(struct try *attempt, unsigned seconds, struct ipm_err *err) {
    pid_t child = 0;
    int failed = ipm_spawn(try_live, attempt, NULL, &child, err);
    if (failed)
        return failed;
    const bool ended = try_wait(child, seconds);
    const bool stopped = ipm_spawn_is_stopped(child);
    const int status = try_clear(child);
    if (ended || attempt->came_back || ipm_stop_signal() != 0)
        return try_word(attempt, status, err);
    return ipm_err_set(err, -ETIMEDOUT, "%s does not return within %u s%s", attempt->next,
                       seconds, stopped ? ": it is stopped" : "");
}

int ipm_try_in_child(void (*act)(void *context), void *context, unsigned seconds,
                     struct ipm_err *err) {
    int adopts = 0;
    struct try *attempt = mmap(NULL, sizeof *attempt, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (attempt == MAP_FAILED)
        return ipm_err_sys(err, -errno, "cannot share memory with a child");
    *attempt = (struct try){.act = act, .context = context};
    (void)prctl(PR_GET_CHILD_SUBREAPER, &adopts);
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    const int failed = try_play(attempt, seconds, err);
    (void)prctl(PR_SET_CHILD_SUBREAPER, adopts);
    (void)munmap(attempt, sizeof *attempt);
    return failed;
}
