/* surroundings.c - restores the working directory, the file mask and the locale after the code of a
 * plugin, and reports a plugin that calls exit(3). */
#include "run/process/surroundings.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SURROUNDINGS_LOOKS = 100, SURROUNDINGS_PAUSE_NS = 1000000 };

static unsigned
    surroundings_threads; /* without those of plugins; 0: there is no plugin */

static volatile pid_t surroundings_pid; /* the process that must not exit; 0: none */

/* Ends with status 1, because status 0 without a report would look like success. */
static void surroundings_exited(void) {
    static const char words[] =
        "ipcmark: a transport ended the program: the report is lost\n"
        "hint: a library must not call exit(3)\n";
    if (surroundings_pid != getpid())
        return;
    (void)!write(STDERR_FILENO, words, sizeof words - 1);
    _exit(1);
}

struct ipm_surroundings ipm_surroundings_keep(void) {
    static bool registered;
    struct ipm_surroundings now = {.folder = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC),
                                   .mask = umask(0)};
    (void)umask(now.mask);
    if (!registered)
        registered = atexit(surroundings_exited) == 0;
    surroundings_pid = getpid();
    return now;
}

/* Reports need the numbers of the locale "C". main has chosen the locale of characters. */
void ipm_surroundings_restore(struct ipm_surroundings *surroundings) {
    surroundings_pid = 0;
    (void)umask(surroundings->mask);
    (void)setlocale(LC_ALL, "C");
    (void)setlocale(LC_CTYPE, "");
    if (surroundings->folder < 0)
        return;
    (void)!fchdir(surroundings->folder); /* a deleted one is kept */
    (void)close(surroundings->folder);
    surroundings->folder = -1;
}

/* Returns the number of threads of this process, or 0 without /proc: a folder has a link for each
 * folder in it and two more. */
static unsigned surroundings_now(void) {
    struct stat status;
    return stat("/proc/self/task", &status) == 0 ? (unsigned)status.st_nlink - 2 : 0;
}

void ipm_surroundings_count_threads(void) {
    if (surroundings_threads == 0)
        surroundings_threads = surroundings_now();
}

int ipm_surroundings_check_threads(struct ipm_err *err) {
    const struct timespec pause = {.tv_nsec = SURROUNDINGS_PAUSE_NS};
    unsigned now = surroundings_threads > 0 ? surroundings_now() : 0;
    for (int i = 0; i < SURROUNDINGS_LOOKS && now > surroundings_threads; i++) {
        (void)nanosleep(&pause, NULL); /* an early return is harmless */
        now = surroundings_now();
    }
    if (now <= surroundings_threads)
        return 0;
    const unsigned left = now - surroundings_threads;
    ipm_err_hint(err, "close and detach must end what a plugin starts");
    return ipm_err_set(err, -EBUSY, "%u thread%s of a plugin %s left", left,
                       left == 1 ? "" : "s", left == 1 ? "is" : "are");
}
