/* optparse.h - reads a command line by one table of options, which also provides the
 * defaults, the ranges and the help. */
#ifndef IPM_APP_CLI_OPTPARSE_H
#define IPM_APP_CLI_OPTPARSE_H

#include "base/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    IPM_OPTPARSE_OPTIONS_MOST = 56,
    IPM_OPTPARSE_WORDS_MOST = 256,
    IPM_OPTPARSE_HELP = 1,
    IPM_OPTPARSE_DOC_BYTES = 400
};

struct ipm_option;
typedef int ipm_option_set(const struct ipm_option *option, void *target,
                           const char *value, struct ipm_err *err);

/* A row without a name is a heading of the help. */
struct ipm_option {
    const char *name;     /* without the dashes */
    char letter;          /* 0: none */
    bool early;           /* set before all others, as it changes what they accept */
    bool is_list;         /* a list whose words differ from operands: "-s 64 4K" */
    const char *argument; /* the value in the help; NULL: no value, or a number */
    const char *help;     /* no full stop */

    /* NULL, or the value may be left out: tells whether the next word is the value. */
    bool (*is_value)(const char *word);
    const char *(*choice)(const void *context, size_t i); /* words that the help lists
                                                             behind it; or NULL */
    const char *fallback; /* the default, as a user types it; NULL: none */
    const char *offered;  /* words, apart by spaces, that shells complete though no table
                             has them; or NULL */

    /* Stores the value (NULL if the option has none) in target. A NULL setter requests
     * the help. */
    ipm_option_set *set;
    size_t offset;               /* of the member of target that the setter fills */
    const struct ipm_unit *unit; /* of a number; its bounds follow */
    uint64_t least;
    uint64_t most;
    const void *table; /* the setter's table of values */
};

/* Words of another command line. */
struct ipm_optparse_words {
    size_t count;
    const char *items[IPM_OPTPARSE_WORDS_MOST];
};

struct ipm_optparse {
    const char *command;              /* as typed: "ipcmark run" */
    const char *operands;             /* for the usage line: "[TRANSPORT...]", or NULL */
    const char *about;                /* its description, in full sentences */
    const char *after;                /* the last lines of the help, wrapped; or NULL */
    const struct ipm_option *options; /* ends with an empty row */

    /* Stores one operand. NULL: operands are not allowed. */
    int (*operand)(const struct ipm_optparse *syntax, void *target, const char *word,
                   struct ipm_err *err);
    const char *fallback;        /* the operand when none is given, or NULL */
    const char *unexpected_hint; /* for a superfluous operand; NULL: the usage */

    /* Where in the target the words after "--" are stored: a struct ipm_optparse_words. 0: they
     * are operands. */
    size_t rest;

    /* The command whose options users may type here: a hint names it. NULL: none. With `rest`,
     * they come behind "--". */
    const struct ipm_optparse *run;
};

/* Applies the defaults, then the words of argv after the first `skip`: first the early
 * options at any position (unless help is requested), then the others. Options and
 * operands may be mixed; "--" ends the options; a long name may be abbreviated if it is
 * unique. Does not change argv. Returns 0, IPM_OPTPARSE_HELP, or a negative errno. */
int ipm_optparse_parse(const struct ipm_optparse *syntax, int argc, char **argv, int skip,
                       void *target, struct ipm_err *err);

/* Writes the whole help, at most 79 columns wide. */
void ipm_optparse_help(const struct ipm_optparse *syntax, FILE *out);

/* Writes what the help says of an option: "description (default 10; 1 to 10000)". */
void ipm_optparse_describe(const struct ipm_option *option,
                           char ret_doc[IPM_OPTPARSE_DOC_BYTES]);

/* A value for struct ipm_optparse.operand: target starts with a const char *, which
 * receives the only operand. */
int ipm_optparse_take_only(const struct ipm_optparse *syntax, void *target,
                           const char *word, struct ipm_err *err);

/* Setters for the table: a uint64_t in its range, a bool to true, a double to a ratio ("5%"
 * is 0.05), a const char *, an enum to the index of a word in the row's table, which ends with
 * NULL. The text of set_text must not be empty, that of set_any_text may be. */
ipm_option_set ipm_optparse_set_number, ipm_optparse_set_true, ipm_optparse_set_percent,
    ipm_optparse_set_text, ipm_optparse_set_any_text, ipm_optparse_set_word;

/* Refuses an empty text. For setters. */
int ipm_optparse_check_text(const struct ipm_option *option, const char *value,
                            struct ipm_err *err);

/* Returns the name of an option's value in the help, or NULL if it has none. */
const char *ipm_optparse_argument(const struct ipm_option *option);

/* Returns the option as it is typed, by its letter if it has one: "-s", "--pin". */
struct ipm_cell ipm_optparse_spell(const struct ipm_option *option);

/* Returns the first option with a name, from this row of a table on, or NULL. */
const struct ipm_option *ipm_optparse_from(const struct ipm_option *option);

/* Returns the option of that name, or NULL. */
const struct ipm_option *ipm_optparse_find(const struct ipm_optparse *syntax,
                                           const char *name);

/* Returns the member of target that the option fills. */
void *ipm_optparse_member(const struct ipm_option *option, void *target);

/* A row: its name, its letter or 0, its help, and further members. */
#define IPM_OPTION(name_, letter_, ...)                                                  \
    { .name = (name_), .letter = (letter_), .help = __VA_ARGS__ }

/* The setter of a row and what it needs. */
#define IPM_OPTION_FLAG(type, member)                                                    \
    .set = ipm_optparse_set_true, .offset = offsetof(type, member)
#define IPM_OPTION_TEXT(type, member)                                                    \
    .set = ipm_optparse_set_text, .offset = offsetof(type, member)
#define IPM_OPTION_NUMBER(type, member, unit_, least_, most_)                            \
    .set = ipm_optparse_set_number, .offset = offsetof(type, member),                    \
    .unit = &ipm_unit_##unit_, .least = (least_), .most = (most_)

#define IPM_OPTION_WORD(type, member, words)                                             \
    .set = ipm_optparse_set_word, .offset = offsetof(type, member), .table = (words)

/* The last row of options in every table. */
#define IPM_OPTION_HELP IPM_OPTION("help", 'h', "show this help")

#endif
