/* Text and numbers for strict readers. */
#include "reports/common/clean.h"
#include "tests/support/assert.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

static const struct ipm_escape escapes[] = {{'"', "\"\""}, {'\0', NULL}};

/* Into text, which must be large enough. */
static void clean_put(char *text, size_t size, const char *from) {
    FILE *out = fmemopen(text, size, "w");
    cr_assert(ne(ptr, out, NULL));
    ipm_clean_put(out, from, escapes);
    cr_assert(eq(int, fclose(out), 0));
}

#define BAD "\xEF\xBF\xBD"

Test(reports_clean, what_no_reader_stands_becomes_u_fffd) {
    static const char *const cases[][2] = {
        {"plain \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x90\xA7", NULL},
        {"a\nb\r\tc\033[1m", "a" BAD "b" BAD BAD "c" BAD "[1m"},
        {"\xFF\xFEx", BAD BAD "x"},
        {"a\x7F"
         "b\xC2\x85",
         "a" BAD "b" BAD},
        {"\xE2\x80\xA8\xE2\x80\xAE\xE2\x81\xA6", BAD BAD BAD},
        {"\xEF\xBF\xBE\xEF\xBF\xBF", BAD BAD},
        {"\xE2\x80", BAD BAD},
        {"say \"x\"", "say \"\"x\"\""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[128] = "";
        const char *wanted = cases[i][1] != NULL ? cases[i][1] : cases[i][0];
        clean_put(text, sizeof text, cases[i][0]);
        cr_expect(eq(str, text, (char *)wanted));
    }
}

Test(reports_clean, without_a_table_nothing_is_escaped) {
    char text[16] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    ipm_clean_put(out, "\"&<", NULL);
    (void)fclose(out);
    cr_expect(eq(str, text, "\"&<"));
}

Test(reports_clean, numbers_come_back_and_are_short) {
    static const double numbers[] = {
        0.0, 1.0, 0.1, 1.0 / 3, 1e300, DBL_MIN, DBL_MAX, 123456789.5, 9007199254740993.0};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char text[40] = "";
        FILE *out = fmemopen(text, sizeof text, "w");
        ipm_clean_number(out, numbers[i]);
        (void)fclose(out);
        cr_expect(eq(dbl, strtod(text, NULL), numbers[i]), "%s", text);
    }
    char text[40] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    ipm_clean_number(out, 0.1);
    (void)fclose(out);
    cr_expect(eq(str, text, "0.1"));
}
