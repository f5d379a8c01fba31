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

/* Lists the words that begin with a prefix that is not empty, as far as they fit: "'--size',
 * '--seed'". `dashes` is written before each ("--", ""). Returns how many there are. */
size_t ipm_words_beginning(char *ret_list, size_t bytes, const char *dashes,
                           const char *prefix, const char *(*at)(const void *, size_t),
                           const void *context);

/* "unknown WHAT 'WORD'", with the hint "did you mean 'X'? 'SHOWS' shows all", or with all
 * words that begin with it. Returns -EINVAL. */
int ipm_words_refuse(struct ipm_err *err, const char *what, const char *dashes,
                     const char *word, const char *(*at)(const void *, size_t),
                     const void *context, const char *shows);

#endif
