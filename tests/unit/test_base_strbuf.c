/* test_base_strbuf.c - words in a fixed room. */
#include "base/strbuf.h"

#include <criterion/criterion.h>

Test(base_strbuf, words_are_appended) {
    char room[16];
    struct ipm_strbuf phrase = ipm_strbuf_over(room, sizeof room);
    cr_expect_str_eq(room, "");
    cr_expect(ipm_strbuf_add(&phrase, "%s", "one"));
    cr_expect(ipm_strbuf_add(&phrase, ", %d", 2));
    cr_expect_str_eq(room, "one, 2");
    cr_expect_eq(phrase.used, 6);
}

Test(base_strbuf, what_fits_exactly_is_taken_and_one_more_byte_is_not) {
    char room[4];
    struct ipm_strbuf phrase = ipm_strbuf_over(room, sizeof room);
    cr_expect_not(ipm_strbuf_add(&phrase, "four"));
    cr_expect_str_eq(room, "");
    cr_expect(ipm_strbuf_add(&phrase, "abc"));
    cr_expect_not(ipm_strbuf_add(&phrase, "d"));
    cr_expect_str_eq(room, "abc");
    cr_expect_eq(phrase.used, 3);
}

Test(base_strbuf, a_shorter_word_may_follow_one_that_did_not_fit) {
    char room[8];
    struct ipm_strbuf phrase = ipm_strbuf_over(room, sizeof room);
    cr_expect(ipm_strbuf_add(&phrase, "abcd"));
    cr_expect_not(ipm_strbuf_add(&phrase, "too long"));
    cr_expect(ipm_strbuf_add(&phrase, "xyz"));
    cr_expect_str_eq(room, "abcdxyz");
}
