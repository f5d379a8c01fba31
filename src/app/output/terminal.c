/* terminal.c - the standard streams and their abilities. */
#include "app/output/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

const char *const ipm_when_words[] = {[IPM_WHEN_AUTO] = "auto",
                                      [IPM_WHEN_ALWAYS] = "always",
                                      [IPM_WHEN_NEVER] = "never",
                                      NULL};

enum { TERMINAL_COLUMNS = 80, TERMINAL_COLUMNS_LEAST = 20, TERMINAL_COLUMNS_MOST = 1000 };

void ipm_terminal_secure(void) {
    static const int unfit[] = {O_WRONLY, O_RDONLY, O_RDONLY};
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
            continue;
        /* open(2) returns the lowest free number, which is fd: those below are in use */
        if (open("/dev/null", unfit[fd] | O_CLOEXEC) != fd)
            return;
    }
}

static bool terminal_sensible(unsigned long columns) {
    return columns >= TERMINAL_COLUMNS_LEAST && columns <= TERMINAL_COLUMNS_MOST;
}

unsigned ipm_terminal_columns(int fd) {
    const char *asked = getenv("COLUMNS");
    char *rest = NULL;
    unsigned long columns = asked != NULL ? strtoul(asked, &rest, 10) : 0;
    if (asked != NULL && *rest == '\0' && terminal_sensible(columns))
        return (unsigned)columns;
    struct winsize size = {0};
    if (fd >= 0 && ioctl(fd, TIOCGWINSZ, &size) == 0 && terminal_sensible(size.ws_col))
        return size.ws_col;
    return TERMINAL_COLUMNS;
}

bool ipm_terminal_color(int fd, enum ipm_when when) {
    const char *none = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if (when != IPM_WHEN_AUTO)
        return when == IPM_WHEN_ALWAYS;
    return isatty(fd) && (none == NULL || none[0] == '\0') &&
           (term == NULL || strcmp(term, "dumb") != 0);
}

struct ipm_render_options ipm_terminal_options(int fd, enum ipm_when color) {
    return (struct ipm_render_options){
        .columns = fd >= 0 ? ipm_terminal_columns(fd) : TERMINAL_COLUMNS,
        .color = fd >= 0 && ipm_terminal_color(fd, color),
        .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
    };
}
