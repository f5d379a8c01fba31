/* words.h - the nearest of a list of words, for "did you mean". */
#ifndef IPM_BASE_WORDS_H
#define IPM_BASE_WORDS_H

#include <stddef.h>

/* The word with the smallest edit distance (insert, delete, replace, swap of neighbours)
 * to text, or NULL when none is near enough to be what was meant. `at(context, i)` gives
 * the i-th word, NULL at the end. Does not allocate. */
const char *ipm_words_nearest(const char *text, const char *(*at)(const void *, size_t),
                              const void *context);

#endif
