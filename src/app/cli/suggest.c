/* suggest.c - the words for a word that is in no table. Must not know any table. */
#include "app/cli/suggest.h"

#include "base/err.h"
#include "base/words.h"

#include <errno.h>

int ipm_suggest(struct ipm_err *err, const char *what, const char *word,
                const char *(*at)(const void *, size_t), const void *context,
                const char *shows) {
    const char *nearest = ipm_words_nearest(word, at, context);
    ipm_err_set(err, -EINVAL, "unknown %s '%.100s'", what, word);
    if (nearest != NULL)
        ipm_err_hint(err, "did you mean '%s'? '%s' shows all", nearest, shows);
    else
        ipm_err_hint(err, "'%s' shows all", shows);
    return -EINVAL;
}

int ipm_suggest_option(struct ipm_err *err, const char *name,
                       const char *(*at)(const void *, size_t), const void *context,
                       const char *command) {
    const char *nearest = ipm_words_nearest(name, at, context);
    ipm_err_set(err, -EINVAL, "unknown option '--%.100s'", name);
    if (nearest != NULL)
        ipm_err_hint(err, "did you mean '--%s'? '%s --help' shows all", nearest, command);
    else
        ipm_err_hint(err, "'%s --help' shows all", command);
    return -EINVAL;
}
