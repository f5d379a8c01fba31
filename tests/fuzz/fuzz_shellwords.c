/* fuzz_shellwords.c - words of a shell: they are split or refused, and quoted words come back. */
#include "fuzz.h"

#include "base/err.h"
#include "base/shellwords.h"

#include <string.h>

/* Puts every word into single quotes, as a user would who wants nothing to be split. */
static char *quote_all(char **words, size_t count) {
    size_t bytes = 1;
    for (size_t i = 0; i < count; i++)
        bytes += 4 * strlen(words[i]) + 3;
    char *text = malloc(bytes);
    FUZZ_EXPECT(text != NULL);
    char *out = text;
    for (size_t i = 0; i < count; i++) {
        *out++ = '\'';
        for (const char *c = words[i]; *c != '\0'; c++)
            if (*c == '\'')
                out = stpcpy(out, "'\\''");
            else
                *out++ = *c;
        out = stpcpy(out, "' ");
    }
    *out = '\0';
    return text;
}

static void check_quoted(char **words, size_t count) {
    struct ipm_err err = {0};
    char *text = quote_all(words, count);
    char **again = NULL;
    size_t more = 0;
    FUZZ_EXPECT(ipm_shellwords_split(text, "text", &again, &more, &err) == 0);
    FUZZ_EXPECT(more == count);
    for (size_t i = 0; i < count; i++)
        FUZZ_EXPECT(strcmp(words[i], again[i]) == 0);
    ipm_shellwords_free(again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ipm_err err = {0};
    char *text = fuzz_text(data, size);
    char **words = NULL;
    size_t count = 0;
    const int failed = ipm_shellwords_split(text, "text", &words, &count, &err);
    FUZZ_EXPECT(!failed == !err.code);
    if (!failed) {
        FUZZ_EXPECT(words[count] == NULL);
        check_quoted(words, count);
        ipm_shellwords_free(words);
    }
    free(text);
    return 0;
}
