/* foreign.h - what users of other programs type, and what it is called here. */
#ifndef IPM_APP_CLI_FOREIGN_H
#define IPM_APP_CLI_FOREIGN_H

struct ipm_err;
struct ipm_optparse;

/* Hints at what an unknown option ("-t", "--format") is called in this syntax. Does nothing
 * where there is no such option. */
void ipm_foreign_hint(const struct ipm_optparse *syntax, const char *typed,
                      struct ipm_err *err);

/* Hints at the command that is meant by a word in the place of one, or does nothing. */
void ipm_foreign_command(const char *typed, struct ipm_err *err);

/* The name that is meant by a word, in the table of that item ("pattern"); or NULL. */
const char *ipm_foreign_name(const char *item, const char *word);

#endif
