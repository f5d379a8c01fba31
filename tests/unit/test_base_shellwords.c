/* test_base_shellwords.c - splitting as a shell does. */
#include "base/err.h"
#include "base/shellwords.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

TestSuite(base_shellwords);

/* The words, each in brackets. */
static const char *words_of(const char *text) {
    static char joined[512];
    char **words = NULL;
    size_t count = 0;
    struct ipm_err err = {0};
    joined[0] = '\0';
    if (ipm_shellwords_split(text, "prefix", &words, &count, &err) != 0)
        return "refused";
    for (size_t i = 0; i < count; i++)
        (void)snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "[%s]",
                       words[i]);
    cr_expect_null(words[count]);
    ipm_shellwords_free(words);
    return joined;
}

Test(base_shellwords, are_split_at_blanks) {
    cr_expect_str_eq(words_of(""), "");
    cr_expect_str_eq(words_of("  \t\n "), "");
    cr_expect_str_eq(words_of("taskset -c 0"), "[taskset][-c][0]");
    cr_expect_str_eq(words_of("  a\tb  \n c "), "[a][b][c]");
    cr_expect_str_eq(words_of("a b c d e f g"), "[a][b][c][d][e][f][g]");
}

Test(base_shellwords, keep_what_is_quoted) {
    cr_expect_str_eq(words_of("env 'A=b  c' d"), "[env][A=b  c][d]");
    cr_expect_str_eq(words_of("\"a b\"c'd e'"), "[a bcd e]");
    cr_expect_str_eq(words_of("'' x \"\""), "[][x][]");
    cr_expect_str_eq(words_of("'a\\b\"c'"), "[a\\b\"c]");
    cr_expect_str_eq(words_of("\"a\\\"b\\\\c\\d\""), "[a\"b\\c\\d]");
    cr_expect_str_eq(words_of("a\\ b \\'c"), "[a b]['c]");
}

Test(base_shellwords, expand_and_run_nothing) {
    cr_expect_str_eq(words_of("$HOME `id` $(id) * ~ a;b"),
                     "[$HOME][`id`][$(id)][*][~][a;b]");
}

Test(base_shellwords, refuse_what_is_not_closed) {
    struct ipm_err err = {0};
    char **words = NULL;
    size_t count = 0;
    cr_expect_str_eq(words_of("a 'b"), "refused");
    cr_expect_str_eq(words_of("a \"b"), "refused");
    cr_expect_str_eq(words_of("a \"b\\\""), "refused");
    cr_expect_str_eq(words_of("a\\"), "refused");
    cr_expect_eq(ipm_shellwords_split("'x", "prefix", &words, &count, &err), -EINVAL);
    cr_expect_str_eq(err.text,
                     "cannot split the prefix ''x': a single quote is not closed");
}
