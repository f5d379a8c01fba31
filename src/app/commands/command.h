/* command.h - the contract between main and one command.
 *
 * A command is one .c file and one row of commands.def; `help` is in command.c. A command prints
 * its result; main prints the error and chooses the exit status. */
#ifndef IPM_APP_COMMANDS_COMMAND_H
#define IPM_APP_COMMANDS_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct ipm_err;
struct ipm_optparse;

/* How a command ends. */
enum ipm_exit {
    IPM_EXIT_FINE,
    IPM_EXIT_BAD,       /* it ran, but a case failed or a result could not be written */
    IPM_EXIT_REFUSED,   /* bad command line, unreadable input: nothing was done */
    IPM_EXIT_UNDECIDED, /* too little data to judge, or nothing in common to compare */
    IPM_EXIT_STOPPED, /* by the signal of ipm_stop_signal; partial results were written */
};

/* One call of a command. */
struct ipm_call {
    int argc; /* the whole command line: argv[1] is the command's name */
    char **argv;
    void *request; /* filled by the command's options */
};

struct ipm_command {
    const char *name;
    const char *summary;               /* one line for `help`, no full stop */
    const struct ipm_optparse *syntax; /* its options, and what `help NAME` shows */
    size_t request_bytes;              /* of the zeroed target of its options */

    /* Runs with the request that was read; the caller frees its memory. Every result but
     * FINE comes with an error in err. */
    enum ipm_exit (*run)(const struct ipm_call *call, struct ipm_err *err);

    /* Writes the JSON document of a command line that was refused to standard output, with
     * the error "what failed (hint)". NULL: the command has no JSON document. */
    void (*refuse)(const struct ipm_call *call, const char *error);
};

/* Runs what argv asks for: a command, or --help or --version of the program. */
enum ipm_exit ipm_command_dispatch(int argc, char **argv, struct ipm_err *err);

/* Where a command line that was refused asks for JSON on standard output: writes a valid
 * document with the words of err. Its own failures are ignored: err is the first one. */
void ipm_command_refuse(int argc, char **argv, const struct ipm_err *err);

/* Whether a command line, which may be wrong anywhere, asks for JSON on standard output by
 * one of "--json -", "--json=-", "-e json=-", "-ejson=-", "--export json=-" or
 * "--export=json=-". Shortened names and clusters of letters are not recognised. */
bool ipm_command_wants_json(int argc, char **argv);

#endif
