/* The standard descriptors, when some are closed at the start. */
#include "app/output/terminal.h"
#include "tests/support/assert.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static bool has_mode(int fd, int mode) {
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) == mode;
}

/* In a child of its own, which reports by its exit status alone. */
static int with_closed(int first, int last, bool (*check)(void)) {
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (int fd = first; fd <= last; fd++)
            (void)close(fd);
        ipm_terminal_secure();
        _exit(check() ? 0 : 1);
    }
    (void)waitpid(child, &status, 0);
    return status;
}

static bool all_are_taken_and_refuse_their_use(void) {
    char byte = 0;
    return has_mode(0, O_WRONLY) && has_mode(1, O_RDONLY) && has_mode(2, O_RDONLY) &&
           read(0, &byte, 1) < 0 && write(1, &byte, 1) < 0 &&
           open("/dev/null", O_RDONLY | O_CLOEXEC) > STDERR_FILENO;
}

static bool only_the_second_was_replaced(void) {
    return has_mode(1, O_RDONLY) && write(2, "", 0) == 0;
}

Test(app_streams, closed_ones_are_taken_and_still_refuse_their_use) {
    cr_expect(eq(int, with_closed(0, 2, all_are_taken_and_refuse_their_use), 0));
}

Test(app_streams, open_ones_are_left_alone) {
    cr_expect(eq(int, with_closed(1, 1, only_the_second_was_replaced), 0));
}
