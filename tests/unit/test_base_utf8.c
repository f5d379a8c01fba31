/* UTF-8: what is a character, and what becomes of the rest. */
#include "base/utf8.h"
#include "tests/support/assert.h"

#include <string.h>

struct decoding {
    const char *text;
    size_t length;
    uint32_t point;
};

Test(base_utf8, decodes_every_length_at_its_bounds) {
    static const struct decoding valid[] = {
        {"\x7f", 1, 0x7F},
        {"\xc2\x80", 2, 0x80},
        {"\xdf\xbf", 2, 0x7FF},
        {"\xe0\xa0\x80", 3, 0x800},
        {"\xed\x9f\xbf", 3, 0xD7FF},
        {"\xee\x80\x80", 3, 0xE000},
        {"\xef\xbf\xbf", 3, 0xFFFF},
        {"\xf0\x90\x80\x80", 4, 0x10000},
        {"\xf4\x8f\xbf\xbf", 4, 0x10FFFF},
    };
    for (size_t i = 0; i < sizeof valid / sizeof valid[0]; i++) {
        uint32_t point = 0;
        cr_assert(eq(sz, ipm_utf8_decode(valid[i].text, &point), valid[i].length));
        cr_assert(eq(u32, point, valid[i].point));
    }
}

Test(base_utf8, decodes_nothing_that_is_overlong_cut_a_surrogate_or_too_large) {
    static const char *const invalid[] = {
        "\x80",
        "\xbf",
        "\xc0\xaf",
        "\xc1\xbf",
        "\xc2",
        "\xc2\x20",
        "\xe0\x9f\xbf",
        "\xe2\x82",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf0\x90\x80",
        "\xf8",
        "\xfe",
        "\xff",
    };
    for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
        uint32_t point = 0;
        cr_assert(eq(sz, ipm_utf8_decode(invalid[i], &point), 0), "row %zu", i);
    }
}

Test(base_utf8, mend_replaces_each_bad_byte_and_keeps_the_good_ones) {
    char text[64];
    ipm_utf8_mend(text, sizeof text,
                  "a\xff"
                  "b\xe2\x82z\xc3\xa9");
    cr_assert(eq(str, text,
                 "a\xef\xbf\xbd"
                 "b\xef\xbf\xbd\xef\xbf\xbdz\xc3\xa9"));
}

Test(base_utf8, mend_cuts_between_characters_only) {
    static const char euros[] = "\xe2\x82\xac\xe2\x82\xac";
    char text[8];
    for (size_t size = 1; size <= sizeof euros; size++) {
        ipm_utf8_mend(text, size, euros);
        cr_assert(eq(sz, strlen(text), (size - 1) / 3 * 3));
    }
}
