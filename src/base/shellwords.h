/* shellwords.h - splits a command line as a shell does, without expansion or
 * execution. */
#ifndef IPM_BASE_SHELLWORDS_H
#define IPM_BASE_SHELLWORDS_H

#include <stddef.h>

struct ipm_err;

/* Splits at blanks. 'Single' quotes keep everything, "double" ones everything except \"
 * \\ \$ \`, and a backslash keeps the next character. The words end with a NULL and are
 * freed by ipm_shellwords_free. Errors: -EINVAL (an open quote, a backslash at the end;
 * `what` names the text), -ENOMEM. */
int ipm_shellwords_split(const char *text, const char *what, char ***ret_words,
                         size_t *ret_count, struct ipm_err *err);
void ipm_shellwords_free(char **words);

#endif
