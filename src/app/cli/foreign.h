/* foreign.h - what users of other programs type, and what it is called here. */
#ifndef IPM_APP_CLI_FOREIGN_H
#define IPM_APP_CLI_FOREIGN_H

struct ipm_err;
struct ipm_option;
struct ipm_optparse;

/* Hints at what an unknown option ("-t", "--format") is called in this syntax, at the command
 * that has it, or at the name that it is ("--tcp"); or does nothing. */
void ipm_foreign_hint(const struct ipm_optparse *syntax, const char *typed,
                      struct ipm_err *err);

/* Hints at what to write, in single quotes, or tells that nothing is. */
void ipm_foreign_write(const char *instead, struct ipm_err *err);

/* The first of these only. */
void ipm_foreign_hint_own(const struct ipm_optparse *syntax, const char *typed,
                          struct ipm_err *err);

/* Where a word of a refused command line has dashes that are no hyphens ("\u2013s 64"), or one
 * hyphen before a long name ("-size"): replaces the error by one that tells it. */
void ipm_foreign_dashes(const struct ipm_optparse *syntax, char **words,
                        struct ipm_err *err);

/* Replaces the hint where a refused value belongs to another option ("-w 64K"). */
void ipm_foreign_value(const char *option, const char *value, struct ipm_err *err);

/* Replaces the hint where refused operands belong to a list: to that of the last option before
 * them and its value ("-s 64 4K"), if there is one, or of an option that was forgotten ("4K").
 * May fill target. */
void ipm_foreign_operand(const struct ipm_optparse *syntax,
                         const struct ipm_option *option, const char *value, char **words,
                         void *target, struct ipm_err *err);

/* Hints at the command that is meant by a word in the place of one, or does nothing. `next`: the
 * word behind it, or NULL. */
void ipm_foreign_command(const char *typed, const char *next, struct ipm_err *err);

/* Hints at `report` for a word that names a report, or at `compare` for two; or does nothing. */
void ipm_foreign_file(const char *typed, const char *next, struct ipm_err *err);

/* Hints at the case that is meant by the name of a test of other programs, or does nothing. */
void ipm_foreign_test(const char *typed, struct ipm_err *err);

/* The name that is meant by a word, in the table of that item ("pattern"); or NULL. */
const char *ipm_foreign_name(const char *item, const char *word);

/* Hints at that name, if there is one. */
void ipm_foreign_hint_name(const char *item, const char *word, const char *shown_by,
                           struct ipm_err *err);

#endif
