/* Errors: the first one stays, and no text is too long. */
#include "base/err.h"
#include "tests/support/assert.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

static char long_text[1000];

static void fill_long_text(const char *letter) {
    size_t bytes = strlen(letter);
    for (size_t i = 0; i < (sizeof long_text - 1) / bytes * bytes; i++)
        long_text[i] = letter[i % bytes];
}

Test(base_err, set_returns_its_code_and_keeps_the_words) {
    struct ipm_err err = {0};
    cr_assert(eq(int, ipm_err_set(&err, -EINVAL, "invalid size '%s'", "x"), -EINVAL));
    cr_assert(eq(int, err.code, -EINVAL));
    cr_assert(eq(str, err.text, "invalid size 'x'"));
    cr_assert(eq(str, err.hint, ""));
}

Test(base_err, sys_appends_the_words_of_errno) {
    struct ipm_err err = {0};
    cr_assert(eq(int, ipm_err_sys(&err, -EACCES, "cannot open '%s'", "x"), -EACCES));
    cr_assert(eq(str, err.text, "cannot open 'x': Permission denied"));
}

Test(base_err, sys_has_words_for_a_code_that_nobody_knows) {
    struct ipm_err err = {0};
    cr_assert(eq(int, ipm_err_sys(&err, -9999, "cannot open"), -9999));
    cr_assert(eq(str, err.text, "cannot open: Unknown error"));
}

Test(base_err, the_first_failure_wins) {
    struct ipm_err err = {0};
    (void)ipm_err_set(&err, -EPIPE, "first");
    ipm_err_hint(&err, "do this");
    cr_expect(eq(int, ipm_err_set(&err, -EIO, "second"), -EPIPE));
    cr_expect(eq(int, ipm_err_sys(&err, -EIO, "third"), -EPIPE));
    ipm_err_hint(&err, "do that");
    cr_assert(eq(int, err.code, -EPIPE));
    cr_assert(eq(str, err.text, "first"));
    cr_assert(eq(str, err.hint, "do this"));
}

Test(base_err, nobody_to_tell_is_no_problem) {
    cr_assert(eq(int, ipm_err_set(NULL, -EIO, "lost"), -EIO));
    cr_assert(eq(int, ipm_err_sys(NULL, -EIO, "lost"), -EIO));
    ipm_err_hint(NULL, "lost");
    cr_assert(eq(int, ipm_err_wrap(NULL, "lost"), 0));
}

Test(base_err, wrap_puts_words_in_front) {
    struct ipm_err err = {0};
    (void)ipm_err_set(&err, -EMFILE, "cannot make a pipe");
    cr_assert(eq(int, ipm_err_wrap(&err, "case '%s'", "stream/pipe/64"), -EMFILE));
    cr_assert(eq(str, err.text, "case 'stream/pipe/64': cannot make a pipe"));
}

Test(base_err, wrap_leaves_alone_what_has_not_failed) {
    struct ipm_err err = {0};
    cr_assert(eq(int, ipm_err_wrap(&err, "case"), 0));
    cr_assert(eq(str, err.text, ""));
}

Test(base_err, words_that_are_too_long_are_cut_and_say_so) {
    struct ipm_err err = {0};
    fill_long_text("x");
    (void)ipm_err_set(&err, -EINVAL, "%s", long_text);
    ipm_err_hint(&err, "%s", long_text);
    cr_assert(eq(sz, strlen(err.text), IPM_ERR_TEXT_BYTES - 1));
    cr_assert(eq(str, err.text + IPM_ERR_TEXT_BYTES - 5, "x..."));
    cr_assert(eq(sz, strlen(err.hint), IPM_ERR_HINT_BYTES - 1));
    cr_assert(eq(str, err.hint + IPM_ERR_HINT_BYTES - 5, "x..."));
}

Test(base_err, cutting_never_costs_the_words_of_errno) {
    struct ipm_err err = {0};
    fill_long_text("x");
    (void)ipm_err_sys(&err, -ENOENT, "cannot open '%s'", long_text);
    cr_assert(eq(sz, strlen(err.text), IPM_ERR_TEXT_BYTES - 1));
    cr_assert(ne(ptr, strstr(err.text, "x...: No such file or directory"), NULL));
}

Test(base_err, cutting_does_not_split_a_character) {
    for (size_t shift = 0; shift < 4; shift++) {
        struct ipm_err err = {0};
        fill_long_text("\xF0\x9F\x90\xA7");
        (void)ipm_err_set(&err, -EINVAL, "%.*s%s", (int)shift, "abc", long_text);
        size_t kept = strlen(err.text) - strlen("...");
        cr_expect(eq(str, err.text + kept, "..."));
        cr_expect(eq(sz, (kept - shift) % 4, 0), "shifted by %zu: half a character",
                  shift);
    }
}

Test(base_err, wrap_cuts_its_own_words_before_the_cause) {
    struct ipm_err err = {0};
    fill_long_text("x");
    (void)ipm_err_set(&err, -EIO, "the cause");
    (void)ipm_err_wrap(&err, "%s", long_text);
    cr_assert(eq(sz, strlen(err.text), IPM_ERR_TEXT_BYTES - 1));
    cr_assert(ne(ptr, strstr(err.text, "x...: the cause"), NULL));
}

Test(base_err, wrap_leaves_a_full_text_as_it_is) {
    fill_long_text("x");
    for (int spare = 0; spare < 12; spare++) {
        struct ipm_err err = {0};
        (void)ipm_err_set(&err, -EIO, "%.*s", IPM_ERR_TEXT_BYTES - 1 - spare, long_text);
        cr_expect(eq(int, ipm_err_wrap(&err, "in front"), -EIO));
        size_t length = strlen(err.text);
        cr_expect(lt(sz, length, IPM_ERR_TEXT_BYTES));
        cr_expect(eq(chr, err.text[length - 1], 'x'));
    }
}

Test(base_err, a_message_is_one_line_and_does_not_steer_the_terminal) {
    struct ipm_err err = {0};
    (void)ipm_err_set(&err, -EIO, "cannot write '%s'", "a\nb\x1B[2J\x7F");
    cr_assert(eq(str, err.text, "cannot write 'a?b?[2J?'"));
}

static void err_expect_limit(int code, int resource, const char *words) {
    struct ipm_err err = {0};
    const struct rlimit lower = {.rlim_cur = RLIM_INFINITY / 2,
                                 .rlim_max = RLIM_INFINITY};
    (void)ipm_err_sys(&err, code, "x");
    cr_expect(eq(str, err.hint, ""));
    cr_expect(zero(int, err.is_limit));
    err = (struct ipm_err){0};
    (void)setrlimit((unsigned)resource, &lower);
    (void)ipm_err_sys(&err, code, "x");
    cr_expect(ne(ptr, strstr(err.hint, words), NULL), "%s", err.hint);
    cr_expect(eq(int, err.is_limit, 1));
}

Test(base_err, names_a_limit_of_the_process_where_one_is_set) {
    err_expect_limit(-EFBIG, RLIMIT_FSIZE, "RLIMIT_FSIZE");
    err_expect_limit(-ENOMEM, RLIMIT_AS, "RLIMIT_AS");
}

Test(base_err, names_what_always_limits_a_call_but_not_what_came_after) {
    struct ipm_err err = {0};
    (void)ipm_err_sys(&err, -EIO, "first");
    (void)ipm_err_sys(&err, -EMFILE, "second");
    cr_expect(eq(str, err.hint, ""));
    err = (struct ipm_err){0};
    (void)ipm_err_sys(&err, -EMFILE, "x");
    cr_expect(eq(str, err.hint, "'ulimit -n NUMBER' allows more descriptors"));
    err = (struct ipm_err){0};
    ipm_err_hint(&err, "known better");
    (void)ipm_err_sys(&err, -ENFILE, "x");
    cr_expect(eq(str, err.hint, "known better"));
}
