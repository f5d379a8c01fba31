/* words.c - finds the nearest of a list of words by restricted Damerau-Levenshtein
 * distance. */
#include "base/words.h"

#include "base/err.h"
#include "base/strbuf.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

enum { WORDS_FEW = 6, WORDS_MOST_BYTES = 64 }; /* longer words are not typing errors */

bool ipm_words_hold(const char *words, const char *word,
                    int (*compare)(const char *, const char *, size_t)) {
    const size_t length = strlen(word);
    for (; *words != '\0'; words += strspn(words, " ")) {
        const size_t own = strcspn(words, " ");
        if (own == length && compare(words, word, length) == 0)
            return true;
        words += own;
    }
    return false;
}

static bool words_same(char a, char b) {
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t words_least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Returns the distance for a[i] and b[j] from the previous row (`above`) and the one
 * before (`swap`); rows are indexed by the letters of b used. */
static size_t words_step(const char *a, size_t i, const char *b, size_t j,
                         const size_t *row, const size_t *above, const size_t *swap) {
    size_t best = above[j] + (words_same(a[i], b[j]) ? 0 : 1);
    best = words_least(best, above[j + 1] + 1);
    best = words_least(best, row[j] + 1);
    if (i > 0 && j > 0 && words_same(a[i], b[j - 1]) && words_same(a[i - 1], b[j]))
        best = words_least(best, swap[j - 1] + 1);
    return best;
}

static size_t words_distance(const char *a, size_t a_length, const char *b,
                             size_t b_length) {
    size_t rows[3][WORDS_MOST_BYTES + 1] = {{0}};
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 0; i < a_length; i++) {
        size_t *row = rows[(i + 1) % 3];
        row[0] = i + 1;
        for (size_t j = 0; j < b_length; j++)
            row[j + 1] = words_step(a, i, b, j, row, rows[i % 3], rows[(i + 2) % 3]);
    }
    return rows[a_length % 3][b_length];
}

/* A typing error changes one letter, or in longer words one in four plus one but not the first
 * letter, and never all of them. */
static bool words_near(size_t distance, const char *text, const char *word,
                       size_t length) {
    const bool several =
        length > 4 && words_same(text[0], word[0]) && distance <= 1 + length / 4;
    return (distance <= 1 || several) && distance < length;
}

const char *ipm_words_nearest(const char *text, const char *(*at)(const void *, size_t),
                              const void *context) {
    size_t length = strnlen(text, WORDS_MOST_BYTES + 1);
    if (length > WORDS_MOST_BYTES)
        return NULL;
    const char *nearest = NULL;
    size_t best = WORDS_MOST_BYTES + 1;
    const char *word = NULL;
    for (size_t i = 0; (word = at(context, i)) != NULL; i++) {
        size_t word_length = strnlen(word, WORDS_MOST_BYTES + 1);
        if (word_length > WORDS_MOST_BYTES)
            continue;
        size_t distance = words_distance(text, length, word, word_length);
        if (distance < best && words_near(distance, text, word, word_length)) {
            best = distance;
            nearest = word;
        }
    }
    return nearest;
}

size_t ipm_words_beginning(char *ret_list, size_t bytes, const char *dashes,
                           const char *prefix, const char *(*at)(const void *, size_t),
                           const void *context) {
    struct ipm_strbuf list = ipm_strbuf_over(ret_list, bytes);
    size_t count = 0;
    const char *word = NULL;
    for (size_t i = 0; prefix[0] != '\0' && (word = at(context, i)) != NULL; i++) {
        if (strncasecmp(word, prefix, strlen(prefix)) != 0)
            continue;
        (void)ipm_strbuf_add(&list, "%s'%s%s'", count > 0 ? ", " : "", dashes, word);
        count++;
    }
    return count;
}

/* Lists all words where they are few, as ipm_words_beginning does. Returns whether they are. */
static bool words_list(char *ret_list, size_t bytes, const char *dashes,
                       const char *(*at)(const void *, size_t), const void *context) {
    struct ipm_strbuf list = ipm_strbuf_over(ret_list, bytes);
    size_t count = 0;
    for (const char *word; (word = at(context, count)) != NULL; count++)
        if (count == WORDS_FEW ||
            !ipm_strbuf_add(&list, "%s'%s%s'", count > 0 ? ", " : "", dashes, word))
            return false;
    return count > 0;
}

int ipm_words_refuse(struct ipm_err *err, const char *what, const char *dashes,
                     const char *word, const char *(*at)(const void *, size_t),
                     const void *context, const char *shows) {
    const char *nearest = ipm_words_nearest(word, at, context);
    char list[IPM_ERR_HINT_BYTES * 2 / 3];
    const size_t count =
        ipm_words_beginning(list, sizeof list, dashes, word, at, context);
    ipm_err_set(err, -EINVAL, "unknown %s '%s%.100s'", what, dashes, word);
    const bool some = count > 1 && (nearest == NULL || strcasecmp(nearest, word) != 0);
    if (some || (count == 0 && nearest == NULL && word[0] != '\0' &&
                 words_list(list, sizeof list, dashes, at, context)))
        ipm_err_hint(err, "it may be %s; '%s' shows all", list, shows);
    else if (count == 1)
        ipm_err_hint(err, "did you mean %s? '%s' shows all", list, shows);
    else if (nearest != NULL)
        ipm_err_hint(err, "did you mean '%s%s'? '%s' shows all", dashes, nearest, shows);
    else
        ipm_err_hint(err, "'%s' shows all", shows);
    return -EINVAL;
}
