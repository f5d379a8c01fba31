/* guest.c - `ipcmark guest`: the first process of a guest of `ipcmark count`. It is in no list
 * of commands, as only a kernel runs it. */
#include "run/guest/guest.h"
#include "app/cli/optparse.h"
#include "app/commands/command.h"

static const struct ipm_option guest_options[] = {IPM_OPTION_HELP, {0}};

static const struct ipm_optparse guest_syntax = {
    .command = "ipcmark guest",
    .about = "Live as the first process of a guest of 'ipcmark count'.",
    .options = guest_options,
};

static enum ipm_exit guest_run(const struct ipm_call *call, struct ipm_err *err) {
    (void)call;
    (void)ipm_guest_init(err);
    return IPM_EXIT_REFUSED;
}

const struct ipm_command ipm_command_guest = {
    .name = "guest",
    .summary = "live as the first process of a guest",
    .syntax = &guest_syntax,
    .run = guest_run,
};
