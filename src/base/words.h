/* words.h - the nearest of a list of words, and the refusal of a word that is not in it. */
#ifndef IPM_BASE_WORDS_H
#define IPM_BASE_WORDS_H

#include <stddef.h>

struct ipm_err;

/* The word with the smallest edit distance (insert, delete, replace, swap of neighbours)
 * to text, or NULL when none is near enough to be what was meant. `at(context, i)` gives
 * the i-th word, NULL at the end. Does not allocate. */
const char *ipm_words_nearest(const char *text, const char *(*at)(const void *, size_t),
                              const void *context);

/* "unknown WHAT 'WORD'", with the hint "did you mean 'X'? 'SHOWS' shows all". `dashes` is
 * written before the words ("--", ""). Returns -EINVAL. */
int ipm_words_refuse(struct ipm_err *err, const char *what, const char *dashes,
                     const char *word, const char *(*at)(const void *, size_t),
                     const void *context, const char *shows);

#endif
