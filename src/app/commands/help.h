/* help.h - the help of the program and of each command. */
#ifndef IPM_APP_COMMANDS_HELP_H
#define IPM_APP_COMMANDS_HELP_H

#include "app/commands/command.h"

#include <stdbool.h>
#include <stdio.h>

/* What stands before a command. */
struct ipm_program_request {
    bool version;
};

extern const struct ipm_optparse ipm_program_syntax;

/* Prints the whole help of one syntax to standard output. */
enum ipm_exit ipm_help_show(const struct ipm_optparse *syntax, struct ipm_err *err);

#endif
