/* surroundings.c - restores the working directory, the file mask and the locale after the code of a
 * plugin, and reports a plugin that calls exit(3). */
#include "run/process/surroundings.h"

#include "base/cell.h"
#include "base/err.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* Whether the kernel made the thread for io_uring. It may stay for seconds after a trial whose
 * peer was killed. */
static bool surroundings_is_worker(const char *thread) {
    char name[16] = ""; /* TASK_COMM_LEN of the kernel */
    FILE *file = fopen(ipm_cell_print("/proc/self/task/%.11s/comm", thread).text, "re");
    if (file == NULL)
        return true; /* it has ended meanwhile */
    (void)!fgets(name, sizeof name, file);
    (void)fclose(file);
    return strncmp(name, "iou-", 4) == 0;
}

/* Returns the number of threads of this process, or 0 without /proc. */
static unsigned surroundings_now(void) {
    unsigned count = 0;
    DIR *threads = opendir("/proc/self/task");
    if (threads == NULL)
        return 0;
    for (struct dirent *entry; (entry = readdir(threads));)
        count += entry->d_name[0] != '.' && !surroundings_is_worker(entry->d_name);
    (void)closedir(threads);
    return count;
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
