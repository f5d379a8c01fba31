/* help.h - the help of the program and of each command. */
#ifndef IPM_APP_COMMANDS_HELP_H
#define IPM_APP_COMMANDS_HELP_H

#include "app/commands/command.h"

#include <stdbool.h>

/* The options before a command. */
struct ipm_program_request {
    bool version;
};

extern const struct ipm_optparse ipm_program_syntax;

/* Prints the help of one table of options to standard output; that of the program shows the
 * commands, too. */
enum ipm_exit ipm_help_show(const struct ipm_optparse *syntax,
                            const struct ipm_command *const *commands,
                            struct ipm_err *err);

/* The command of that name in a table, or NULL and err. */
const struct ipm_command *ipm_help_find(const struct ipm_command *const *commands,
                                        const char *name, struct ipm_err *err);

#endif
