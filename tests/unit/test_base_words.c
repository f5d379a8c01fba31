/* The nearest word. */
#include "base/words.h"
#include "tests/support/assert.h"

#include <string.h>

static const char *const names[] = {"pipe",  "pipe-pair", "unix", "tcp",
                                    "udp",   "null",      "all",  "congestion",
                                    "round", "rounds",    NULL};

static const char *name_at(const void *context, size_t i) {
    return ((const char *const *)context)[i];
}

static const char *none_at(const void *context, size_t i) {
    (void)context, (void)i;
    return NULL;
}

static const char *nearest(const char *text) {
    const char *word = ipm_words_nearest(text, name_at, names);
    return word != NULL ? word : "(none)";
}

Test(base_words, a_slip_leads_to_the_word_that_was_meant) {
    static const struct {
        const char *text, *word;
    } rows[] = {
        {"unx", "unix"},
        {"unxi", "unix"},
        {"uinx", "unix"},
        {"unixx", "unix"},
        {"pip", "pipe"},
        {"pope", "pipe"},
        {"pipepair", "pipe-pair"},
        {"pipe_pair", "pipe-pair"},
        {"tpc", "tcp"},
        {"tc", "tcp"},
        {"tccp", "tcp"},
        {"ucp", "tcp"},
        {"congetsion", "congestion"},
        {"cogestoin", "congestion"},
        {"roundz", "round"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect(eq(str, (char *)nearest(rows[i].text), (char *)rows[i].word),
                  "for '%s'", rows[i].text);
}

Test(base_words, case_does_not_matter) {
    cr_expect(eq(str, (char *)nearest("UNIX"), "unix"));
    cr_expect(eq(str, (char *)nearest("Tpc"), "tcp"));
}

Test(base_words, the_word_itself_beats_its_neighbours) {
    cr_expect(eq(str, (char *)nearest("rounds"), "rounds"));
    cr_expect(eq(str, (char *)nearest("round"), "round"));
}

Test(base_words, what_is_far_from_all_has_no_nearest) {
    static const char *const texts[] = {"", "x", "foo", "shm", "xyz", "congress", "----"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cr_expect(eq(str, (char *)nearest(texts[i]), "(none)"), "for '%s'", texts[i]);
}

Test(base_words, another_word_of_one_letter_is_not_near) {
    static const char *const letters[] = {"a", NULL};
    cr_assert(eq(ptr, (void *)ipm_words_nearest("b", name_at, letters), NULL));
}

Test(base_words, an_empty_list_has_no_nearest) {
    cr_assert(eq(ptr, (void *)ipm_words_nearest("tcp", none_at, NULL), NULL));
}

Test(base_words, a_text_of_any_length_is_survived) {
    char text[5000];
    memset(text, 'u', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t length = sizeof text - 1; length > 4; length--) {
        text[length] = '\0';
        cr_assert(eq(str, (char *)nearest(text), "(none)"));
    }
}
