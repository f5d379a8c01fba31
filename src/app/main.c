/* main.c - prints the errors of the program and chooses its exit status. Nothing else
 * does either. */
#include "app/commands/command.h"
#include "app/output/terminal.h"
#include "base/err.h"
#include "run/process/stop.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>

static void main_print(const struct ipm_err *err) {
    if (err->code == 0)
        return;
    (void)fprintf(stderr, "ipcmark: %s\n", err->text);
    if (err->hint[0] != '\0')
        (void)fprintf(stderr, "hint: %s\n", err->hint);
}

/* A signal takes precedence over the failures that follow it. */
static int main_status(enum ipm_exit ending) {
    static const int statuses[] = {
        [IPM_EXIT_FINE] = 0,    [IPM_EXIT_BAD] = 1,
        [IPM_EXIT_REFUSED] = 2, [IPM_EXIT_UNDECIDED] = 3,
        [IPM_EXIT_SKIP] = 125,  [IPM_EXIT_STOPPED] = 1, /* no signal: see below */
    };
    const int number = ipm_stop_signal();
    return number != 0 && ending != IPM_EXIT_FINE ? 128 + number : statuses[ending];
}

int main(int argc, char **argv) {
    struct ipm_err err = {0};
    ipm_terminal_secure();
    (void)signal(SIGXFSZ, SIG_IGN); /* write(2) reports a file that grows too large */
    (void)setlocale(LC_CTYPE, "");  /* if the locale is missing, ASCII is used */
    enum ipm_exit ending = ipm_command_dispatch(argc, argv, &err);
    if (ending == IPM_EXIT_REFUSED && ipm_stop_signal() != 0) {
        err = (struct ipm_err){0};
        ipm_err_set(&err, -EINTR, "interrupted");
    }
    main_print(&err);
    if (ending == IPM_EXIT_REFUSED)
        ipm_command_refuse(argc, argv, &err);
    if (ending == IPM_EXIT_REFUSED && ipm_command_bisects(argc, argv))
        ending = IPM_EXIT_SKIP;
    return main_status(ending);
}
