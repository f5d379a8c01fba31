/* suggest.c - refuses a word that is in no table. */
#include "app/cli/suggest.h"

#include "base/err.h"
#include "base/words.h"

#include <errno.h>

int ipm_suggest_dashed(struct ipm_err *err, const char *what, const char *dashes,
                       const char *word, const char *(*at)(const void *, size_t),
                       const void *context, const char *shows) {
    const char *nearest = ipm_words_nearest(word, at, context);
    ipm_err_set(err, -EINVAL, "unknown %s '%s%.100s'", what, dashes, word);
    if (nearest != NULL)
        ipm_err_hint(err, "did you mean '%s%s'? '%s' shows all", dashes, nearest, shows);
    else
        ipm_err_hint(err, "'%s' shows all", shows);
    return -EINVAL;
}

int ipm_suggest(struct ipm_err *err, const char *what, const char *word,
                const char *(*at)(const void *, size_t), const void *context,
                const char *shows) {
    return ipm_suggest_dashed(err, what, "", word, at, context, shows);
}
