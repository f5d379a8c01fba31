/* command.h - the contract between main and one command.
 *
 * A command is one .c file and one row of commands.def. It prints its result, but neither
 * an error nor an exit status: main does, from the outcome and err. */
#ifndef IPM_APP_COMMANDS_COMMAND_H
#define IPM_APP_COMMANDS_COMMAND_H

struct ipm_err;
struct ipm_optparse;

/* How a command ended. */
enum ipm_exit {
    IPM_EXIT_FINE,
    IPM_EXIT_BAD,       /* it ran, but a case failed or a result could not be written */
    IPM_EXIT_REFUSED,   /* bad command line, unreadable input: nothing was done */
    IPM_EXIT_UNDECIDED, /* too little data to judge, or nothing in common to compare */
    IPM_EXIT_STOPPED,   /* by the signal of ipm_stop_signal; what there is was written */
};

struct ipm_command {
    const char *name;
    const char *summary;               /* one line for `help`, no full stop */
    const struct ipm_optparse *syntax; /* what `help NAME` shows */

    /* argv is the whole command line, argv[1] the command's name. Every outcome but FINE
     * comes with words in err. */
    enum ipm_exit (*run)(int argc, char **argv, struct ipm_err *err);
};

/* In the order of commands.def; ends with NULL. */
extern const struct ipm_command *const ipm_commands[];

/* The command of that name, or NULL and err: unknown, with the nearest one. */
const struct ipm_command *ipm_command_find(const char *name, struct ipm_err *err);

/* Runs what argv asks for: a command, or --help or --version of the program. */
enum ipm_exit ipm_command_dispatch(int argc, char **argv, struct ipm_err *err);

#endif
