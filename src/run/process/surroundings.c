/* surroundings.c - keeps a library from moving the files that are written later, and from ending
 * the program without a word. */
#include "run/process/surroundings.h"

#include <fcntl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile pid_t surroundings_pid; /* the process that must not exit; 0: none */

/* A program that ends with status 0 and no report would pass for a good one. */
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

/* The numbers of reports are those of the locale "C"; main chose that of characters. */
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
