/* words.h - finds the nearest of a list of words, and refuses unknown words. */
#ifndef IPM_BASE_WORDS_H
#define IPM_BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct ipm_err;

/* Whether one of the words, which are apart by spaces, is equal to `word` by a comparison such as
 * strncmp(3). */
bool ipm_words_hold(const char *words, const char *word,
                    int (*compare)(const char *, const char *, size_t));

/* Returns the word with the smallest edit distance (insert, delete, replace, swap of
 * neighbours) to text, or NULL if none is near enough. `at(context, i)` returns the i-th
 * word, NULL at the end. Does not allocate. */
const char *ipm_words_nearest(const char *text, const char *(*at)(const void *, size_t),
                              const void *context);

/* Lists the words that start with a non-empty prefix, as far as they fit: "'--size',
 * '--seed'". `dashes` precede each word ("--", ""). Returns how many there are. */
size_t ipm_words_beginning(char *ret_list, size_t bytes, const char *dashes,
                           const char *prefix, const char *(*at)(const void *, size_t),
                           const void *context);

/* Sets "unknown WHAT 'WORD'" with the hint "did you mean 'X'? 'SHOWS' shows all", or with
 * all words that start with it, or with all words where they are few. Returns -EINVAL. */
int ipm_words_refuse(struct ipm_err *err, const char *what, const char *dashes,
                     const char *word, const char *(*at)(const void *, size_t),
                     const void *context, const char *shows);

#endif
