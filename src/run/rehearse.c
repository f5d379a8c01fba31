/* rehearse.c - see rehearse.h. Knows nothing of what is called. */
#include "run/rehearse.h"

#include "base/err.h"
#include "run/spawn.h"
#include "run/stop.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Shared with the child, which writes. */
struct rehearsal {
    void (*act)(void *context);
    void *context;
    unsigned seconds;
    int came_back;
    char next[128];
};

/* Of the child: whoever is called back has no way to be given it. */
static struct rehearsal *rehearsal_mine;

void ipm_rehearse_next(const char *format, ...) {
    va_list arguments;
    if (!rehearsal_mine)
        return;
    va_start(arguments, format);
    (void)vsnprintf(rehearsal_mine->next, sizeof rehearsal_mine->next, format, arguments);
    va_end(arguments);
}

static int rehearsal_live(void *context) {
    rehearsal_mine = context;
    (void)signal(SIGALRM, SIG_DFL);
    (void)alarm(rehearsal_mine->seconds);
    rehearsal_mine->act(rehearsal_mine->context);
    rehearsal_mine->came_back = 1;
    return 0;
}

static int rehearsal_word(const struct rehearsal *rehearsal, int status,
                          struct ipm_err *err) {
    if (ipm_stop_signal() != 0)
        return ipm_err_set(err, -EINTR, "interrupted");
    if (rehearsal->came_back)
        return 0;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        return ipm_err_set(err, -ETIMEDOUT, "%s does not come back within %u s",
                           rehearsal->next, rehearsal->seconds);
    if (WIFSIGNALED(status))
        return ipm_err_set(err, -ECHILD, "%s ends in signal %d (%s)", rehearsal->next,
                           WTERMSIG(status), strsignal(WTERMSIG(status)));
    return ipm_err_set(err, -ECHILD, "%s leaves the program with status %d",
                       rehearsal->next, WEXITSTATUS(status));
}

int ipm_rehearse(void (*act)(void *context), void *context, unsigned seconds,
                 struct ipm_err *err) {
    pid_t child = 0;
    struct rehearsal *rehearsal = mmap(NULL, sizeof *rehearsal, PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (rehearsal == MAP_FAILED)
        return ipm_err_sys(err, -errno, "cannot make room for a rehearsal");
    *rehearsal = (struct rehearsal){.act = act, .context = context, .seconds = seconds};
    int failed = ipm_spawn(rehearsal_live, rehearsal, NULL, &child, err);
    if (!failed)
        failed = rehearsal_word(rehearsal, ipm_spawn_reap(child), err);
    (void)munmap(rehearsal, sizeof *rehearsal);
    return failed;
}
