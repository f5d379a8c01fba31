/* foreign.h - what users of other programs type, and what it is called here. */
#ifndef IPM_APP_CLI_FOREIGN_H
#define IPM_APP_CLI_FOREIGN_H

struct ipm_err;
struct ipm_optparse;

/* Hints at what an unknown option ("-t", "--format") is called in this syntax, at the command
 * that has it, or at the name that it is ("--tcp"); or does nothing. */
void ipm_foreign_hint(const struct ipm_optparse *syntax, const char *typed,
                      struct ipm_err *err);

/* The first of these only. */
void ipm_foreign_hint_own(const struct ipm_optparse *syntax, const char *typed,
                          struct ipm_err *err);

/* Hints at the command that is meant by a word in the place of one, or does nothing. */
void ipm_foreign_command(const char *typed, struct ipm_err *err);

/* Hints at `report` for a word that names a report, or does nothing. */
void ipm_foreign_file(const char *typed, struct ipm_err *err);

/* The name that is meant by a word, in the table of that item ("pattern"); or NULL. */
const char *ipm_foreign_name(const char *item, const char *word);

/* Hints at that name, if there is one. */
void ipm_foreign_hint_name(const char *item, const char *word, const char *shown_by,
                           struct ipm_err *err);

#endif
