/* suggest.h - refuses a word that is in no table, and suggests the nearest one that is. */
#ifndef IPM_APP_CLI_SUGGEST_H
#define IPM_APP_CLI_SUGGEST_H

#include <stddef.h>

struct ipm_err;

/* "unknown WHAT 'WORD'", with the hint "did you mean 'X'? 'SHOWS' shows all". `at` and
 * context are those of ipm_words_nearest; `dashes` go before the words ("--", "").
 * Returns -EINVAL. */
int ipm_suggest_dashed(struct ipm_err *err, const char *what, const char *dashes,
                       const char *word, const char *(*at)(const void *, size_t),
                       const void *context, const char *shows);

/* The same without dashes. */
int ipm_suggest(struct ipm_err *err, const char *what, const char *word,
                const char *(*at)(const void *, size_t), const void *context,
                const char *shows);

#endif
