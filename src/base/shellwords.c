/* shellwords.c - splits a command line at blanks outside quotes. wordexp(3) would run
 * "$(...)" unless told otherwise, and expand variables that are meant for another
 * machine. */
#include "base/shellwords.h"

#include "base/err.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char shellwords_blanks[] = " \t\n";

/* The state of reading a word. */
struct shellwords_word {
    const char *at;
    char *end;
    const char *wrong; /* the syntax error, or NULL */
};

static void shellwords_single(struct shellwords_word *word) {
    const char *close = strchr(word->at, '\'');
    if (close == NULL) {
        word->wrong = "a single quote is not closed";
        return;
    }
    const size_t length = (size_t)(close - word->at);
    memcpy(word->end, word->at, length);
    word->end += length;
    word->at = close + 1;
}

static void shellwords_double(struct shellwords_word *word) {
    while (*word->at != '"' && *word->at != '\0') {
        if (word->at[0] == '\\' && word->at[1] != '\0' &&
            strchr("\"\\$`", word->at[1]) != NULL)
            word->at++;
        *word->end++ = *word->at++;
    }
    if (*word->at == '\0')
        word->wrong = "a double quote is not closed";
    else
        word->at++;
}

static void shellwords_read(struct shellwords_word *word) {
    while (*word->at != '\0' && strchr(shellwords_blanks, *word->at) == NULL &&
           word->wrong == NULL) {
        const char c = *word->at++;
        if (c == '\'')
            shellwords_single(word);
        else if (c == '"')
            shellwords_double(word);
        else if (c == '\\' && *word->at == '\0')
            word->wrong = "a backslash at the end quotes nothing";
        else
            *word->end++ = (char)(c == '\\' ? *word->at++ : c);
    }
    *word->end++ = '\0';
}

/* Pointers and words share one allocation. No word is longer than its text, and at least
 * one blank separates two. */
int ipm_shellwords_split(const char *text, const char *what, char ***ret_words,
                         size_t *ret_count, struct ipm_err *err) {
    const size_t most = strlen(text) / 2 + 2;
    char **words = calloc(1, most * sizeof *words + strlen(text) + 2);
    size_t count = 0;
    if (words == NULL)
        return ipm_err_sys(err, -ENOMEM, "cannot split the %s", what);
    struct shellwords_word word = {.at = text, .end = (char *)(words + most)};
    for (;;) {
        word.at += strspn(word.at, shellwords_blanks);
        if (*word.at == '\0' || word.wrong != NULL)
            break;
        words[count++] = word.end;
        shellwords_read(&word);
    }
    if (word.wrong != NULL) {
        free(words);
        return ipm_err_refuse(err, "words are split as by a shell; nothing is expanded",
                              "cannot split the %s '%.100s': %s", what, text, word.wrong);
    }
    *ret_words = words;
    *ret_count = count;
    return 0;
}

void ipm_shellwords_free(char **words) {
    free(words);
}
