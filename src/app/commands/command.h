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
    IPM_EXIT_BAD,       /* a case failed or a result could not be written */
    IPM_EXIT_REFUSED,   /* bad command line, unreadable input, or no standard output */
    IPM_EXIT_UNDECIDED, /* too little data, or nothing in common */
    IPM_EXIT_SKIP,      /* --status bisect: this commit cannot be judged */
    IPM_EXIT_STOPPED,   /* by ipm_stop_signal; partial results were written */
};

/* One invocation of a command. */
struct ipm_call {
    int argc; /* the command line; argv[1] is the command's name */
    char **argv;
    void *request; /* filled from the command's options */
};

struct ipm_command {
    const char *name;
    const char *summary;               /* one line for `help`, no full stop */
    const struct ipm_optparse *syntax; /* its options and help */
    size_t request_bytes;              /* the size of the request, which is zeroed */

    /* Runs the request; the caller frees its memory. Every result except FINE comes with
     * an error in err. */
    enum ipm_exit (*run)(const struct ipm_call *call, struct ipm_err *err);

    /* Writes the JSON document of a refused command line to standard output, with the
     * error "what failed (hint)". NULL: the command has no JSON document. */
    void (*refuse)(const struct ipm_call *call, const char *error);
};

/* The rows of commands.def, in its order; ends with NULL. */
extern const struct ipm_command *const ipm_commands[];

/* The options before a command, and the exit statuses. */
extern const struct ipm_optparse ipm_program_syntax;

/* Whether `list` knows the word: a list, a name, or a pattern of names. */
bool ipm_list_knows(const char *word);

/* Runs the command, --help or --version in argv. */
enum ipm_exit ipm_command_dispatch(int argc, char **argv, struct ipm_err *err);

/* Writes a valid document with err where a refused command line requests JSON on standard
 * output. Its own failures are ignored, because err is the first one. */
void ipm_command_refuse(int argc, char **argv, const struct ipm_err *err);

/* Whether a possibly invalid command line requests JSON on standard output by one of
 * "--json -", "--json=-", "-e json=-", "-ejson=-", "--export json=-" or
 * "--export=json=-". Abbreviated names and clusters of letters are not recognised. */
bool ipm_command_wants_json(int argc, char **argv);

/* Whether a possibly invalid command line of `compare`, `ab` or `gate` has "--status bisect", in
 * one word or two, or with a shorter name: what is refused must not count as a bad commit. */
bool ipm_command_bisects(int argc, char **argv);

#endif
