/* test_run_cpio.c - the archive of a guest, as cpio(1) and as the format describe it. */
#include "run/guest/image.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(run_cpio);

static struct ipm_cpio cpio;
static char *bytes;
static size_t count;

static void archive_make(void) {
    cpio = (struct ipm_cpio){.out = open_memstream(&bytes, &count)};
    ipm_cpio_add(&cpio, "/a/b/file", S_IFREG | 0755, "12345", 5);
    ipm_cpio_add(&cpio, "/init", S_IFLNK | 0777, "/a/b/file", 9);
    cr_assert_eq(ipm_cpio_end(&cpio), 0);
    (void)fclose(cpio.out);
}

/* Returns a field of a header: 8 hexadecimal digits behind the magic number. */
static unsigned long archive_field(const char *header, size_t number) {
    char digits[9] = "";
    memcpy(digits, header + 6 + 8 * number, 8);
    return strtoul(digits, NULL, 16);
}

static size_t archive_align(size_t offset) {
    return (offset + 3) / 4 * 4;
}

Test(run_cpio, has_the_parents_then_the_entries_then_the_trailer) {
    enum { MODE = 1, BYTES = 6, NAME_BYTES = 11, HEADER = 110 };
    static const struct {
        const char *name;
        unsigned long mode;
        const char *contents;
    } wanted[] = {{"a", S_IFDIR | 0755, ""},
                  {"a/b", S_IFDIR | 0755, ""},
                  {"a/b/file", S_IFREG | 0755, "12345"},
                  {"init", S_IFLNK | 0777, "/a/b/file"},
                  {"TRAILER!!!", 0, ""}};
    size_t at = 0;
    archive_make();
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const char *header = bytes + at;
        cr_assert_leq(at + HEADER, count);
        cr_assert_eq(strncmp(header, "070701", 6), 0);
        cr_expect_eq(archive_field(header, MODE), wanted[i].mode);
        cr_assert_eq(archive_field(header, NAME_BYTES), strlen(wanted[i].name) + 1);
        cr_expect_str_eq(header + HEADER, wanted[i].name);
        const unsigned long length = archive_field(header, BYTES);
        at = archive_align(at + HEADER + strlen(wanted[i].name) + 1);
        cr_assert_eq(length, strlen(wanted[i].contents));
        cr_expect_eq(memcmp(bytes + at, wanted[i].contents, length), 0);
        at = archive_align(at + length);
    }
    cr_expect_eq(at, count);
    free(bytes);
}

Test(run_cpio, the_same_files_are_the_same_archive) {
    archive_make();
    char *first = bytes;
    const size_t first_count = count;
    archive_make();
    cr_assert_eq(count, first_count);
    cr_expect_eq(memcmp(bytes, first, count), 0);
    free(first);
    free(bytes);
}

Test(run_cpio, a_stream_that_fails_is_told) {
    FILE *full = fopen("/dev/full", "w");
    cr_assert_not_null(full);
    cpio = (struct ipm_cpio){.out = full};
    ipm_cpio_add(&cpio, "/x", S_IFREG | 0644, "1", 1);
    cr_expect_lt(ipm_cpio_end(&cpio), 0);
    (void)fclose(full);
}
