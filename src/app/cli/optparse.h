/* optparse.h - the options of one command in one table, which feeds the parser, the
 * defaults, the ranges and the help. */
#ifndef IPM_APP_CLI_OPTPARSE_H
#define IPM_APP_CLI_OPTPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct ipm_err;
struct ipm_unit;

enum { IPM_OPTPARSE_OPTIONS_MOST = 40, IPM_OPTPARSE_HELP = 1, IPM_OPTPARSE_WORDY = 256 };

/* A row without a name heads the rows below it in the help. */
struct ipm_option {
    const char *name;     /* without the dashes */
    const char *argument; /* what the help calls the value; NULL: takes none */
    const char *help;     /* no full stop */
    const char *fallback; /* the default, as a user would type it; NULL: none */

    /* Puts the value (NULL where it takes none) into target. NULL: asks for the help. */
    int (*set)(const struct ipm_option *option, void *target, const char *value,
               struct ipm_err *err);
    size_t offset;               /* of the member that the setters below fill */
    const struct ipm_unit *unit; /* of a number, with the smallest and largest allowed */
    uint64_t least;
    uint64_t most;
    int key;    /* its letter, or 256 and up where it has none */
    bool early; /* set before all others, for it changes what they may be */
};

/* How a number is read and shown. */
struct ipm_unit {
    int (*parse)(const struct ipm_option *option, const char *text, uint64_t *ret_number,
                 struct ipm_err *err);
    const char *(*say)(char *text, uint64_t number); /* text: IPM_UNITS_TEXT_BYTES */
};

extern const struct ipm_unit ipm_unit_count;
extern const struct ipm_unit ipm_unit_size;
extern const struct ipm_unit ipm_unit_time;

struct ipm_optparse {
    const char *command;  /* as typed: "ipcmark run" */
    const char *operands; /* for the usage line: "[TRANSPORT...]", or NULL */
    const char *about;    /* what it does, in full sentences */
    const char *after;    /* the last lines of the help, ready broken, or NULL */
    const struct ipm_option *options; /* ends with an empty row */

    /* Takes one operand; NULL: there are none. */
    int (*operand)(void *target, const char *word, struct ipm_err *err);
    const char *fallback; /* the operand to take when none is given, or NULL */
};

/* Applies the defaults, then the words of argv after the first `skip`: first the early
 * options, wherever they stand (unless help is asked for), then the rest. Options and
 * operands may be mixed; "--" ends the options; a long name may be shortened as far as it
 * is unique. Changes nothing in argv. Returns 0, IPM_OPTPARSE_HELP, or a negative errno. */
int ipm_optparse_parse(const struct ipm_optparse *syntax, int argc, char **argv, int skip,
                       void *target, struct ipm_err *err);

/* Only the defaults. */
int ipm_optparse_defaults(const struct ipm_optparse *syntax, void *target,
                          struct ipm_err *err);

/* Writes the whole help, at most 79 columns wide. */
void ipm_optparse_help(const struct ipm_optparse *syntax, FILE *out);

/* Setters for the table: a uint64_t in its range, a bool to true, a const char *. */
int ipm_optparse_set_number(const struct ipm_option *option, void *target,
                            const char *value, struct ipm_err *err);
int ipm_optparse_set_true(const struct ipm_option *option, void *target,
                          const char *value, struct ipm_err *err);
int ipm_optparse_set_text(const struct ipm_option *option, void *target,
                          const char *value, struct ipm_err *err);

/* The last row of options in every table. */
#define IPM_OPTION_HELP                                                                  \
    { .name = "help", .key = 'h', .help = "show this help" }

#endif
