/* test_reports_flood.c - reading what never ends: one clear line, and soon. */
#include "base/err.h"
#include "tests/support/assert.h"
#include "tests/unit/test_reports_read.h"

#include <errno.h>
#include <string.h>

/* A file that never ends: size bytes, `text` again and again. */
struct flood {
    const char *begin;
    const char *text;
    size_t at;
    size_t size;
};

static ssize_t flood_read(void *cookie, char *buffer, size_t size) {
    struct flood *flood = cookie;
    size_t begin = strlen(flood->begin);
    size_t period = strlen(flood->text);
    size_t used = 0;
    for (; used < size && flood->at < flood->size; used++, flood->at++) {
        buffer[used] = flood->at < begin ? flood->begin[flood->at]
                                         : flood->text[(flood->at - begin) % period];
    }
    return (ssize_t)used;
}

static int read_flood(const char *begin, const char *text, struct ipm_err *err) {
    struct flood flood = {.begin = begin, .text = text, .size = (size_t)1 << 30};
    return ipm_test_read_file(
        fopencookie(&flood, "r", (cookie_io_functions_t){.read = flood_read}), err);
}

Test(reports_flood, a_gigabyte_of_brackets_ends_quickly, .timeout = 10) {
    struct ipm_err err;
    cr_assert(eq(int, read_flood("", "[", &err), -EINVAL));
    cr_assert(eq(str, err.text, NO_REPORT "it is no JSON object"));
    cr_assert(eq(int, read_flood("", "{\"a\":", &err), -EINVAL));
    cr_assert(ne(ptr, strstr(err.text, "depth"), NULL), "%s", err.text);
    cr_assert(eq(int, read_flood("{\"a\":", "[", &err), -EINVAL));
    cr_assert(ne(ptr, strstr(err.text, "depth"), NULL), "%s", err.text);
}

Test(reports_flood, a_gigabyte_of_white_space_ends_at_the_limit, .timeout = 60) {
    struct ipm_err err;
    cr_assert(eq(int, read_flood("{", " ", &err), -EINVAL));
    cr_assert(eq(str, err.text, NO_REPORT "it is larger than 256 MiB"));
}

Test(reports_flood, a_gigabyte_of_small_values_ends_at_the_limit, .timeout = 60) {
    struct ipm_err err;
    cr_assert(eq(int, read_flood("{\"a\":[0", ",0", &err), -EINVAL));
    cr_assert(eq(str, err.text, NO_REPORT "it has more than 16 million values"));
}
