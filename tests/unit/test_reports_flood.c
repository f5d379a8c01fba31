/* test_reports_flood.c - reading what never ends: one clear line, and soon. */
#include "base/err.h"
#include "reports/json/codec.h"
#include "reports/renderer.h"
#include "tests/support/assert.h"
#include "tests/support/report_sample.h"
#include "tests/unit/test_reports_read.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
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
    const int failed = ipm_test_read_file(
        fopencookie(&flood, "r", (cookie_io_functions_t){.read = flood_read}), err);
    cr_assert(le(sz, flood.at, 4 << 20));
    return failed;
}

Test(reports_flood, of_a_gigabyte_of_brackets_little_is_read) {
    struct ipm_err err;
    cr_assert(eq(int, read_flood("", "[", &err), -EINVAL));
    cr_assert(eq(str, err.text, NO_REPORT "it is no JSON object"));
    cr_assert(eq(int, read_flood("", "{\"a\":", &err), -EINVAL));
    cr_assert(ne(ptr, strstr(err.text, "deep"), NULL), "%s", err.text);
    cr_assert(eq(int, read_flood("{\"a\":", "[", &err), -EINVAL));
    cr_assert(ne(ptr, strstr(err.text, "deep"), NULL), "%s", err.text);
    cr_assert(eq(int, read_flood("{\"a\":1}", "x", &err), -EINVAL));
    cr_assert(ne(ptr, strstr(err.text, "follows"), NULL), "%s", err.text);
}

/* Returns whether a document of endless white space, or of small values, is refused at a
 * limit, and how much was read. */
static size_t read_until(const char *begin, const char *text, size_t most) {
    struct flood flood = {.begin = begin, .text = text, .size = (size_t)1 << 30};
    struct ipm_json_reading reading = {.name = "x.json"};
    char *all = NULL;
    const char *value = NULL;
    FILE *in = fopencookie(&flood, "r", (cookie_io_functions_t){.read = flood_read});
    cr_assert(eq(int, ipm_json_read_document(&reading, in, most, &all, &value), -EINVAL));
    cr_assert(eq(str, reading.words, "it is larger than 8 MiB"));
    (void)fclose(in);
    free(all);
    return flood.at;
}

Test(reports_flood, what_never_ends_is_read_to_the_limit) {
    const size_t most = (size_t)8 << 20;
    cr_assert(le(sz, read_until("{", " ", most), most + 65536));
    cr_assert(le(sz, read_until("", "\n", most), most + 65536));
    cr_assert(le(sz, read_until("{\"a\":[0", ",0", most), most + 65536));
    cr_assert(le(sz, read_until("{\"a\":\"", "\\ud83d\\ude00", most), most + 65536));
}

/* The least limit that a document of 16 bytes fits in is that of the writer below, too. */
Test(reports_flood, a_document_of_the_limit_is_read) {
    char text[] = "{\"key\":\"value\"}\n";
    for (size_t most = 15; most < 18; most++) {
        struct ipm_json_reading reading = {.name = "exact"};
        char *all = NULL;
        const char *value = NULL;
        FILE *in = fmemopen(text, 16, "r");
        const int code = ipm_json_read_document(&reading, in, most, &all, &value);
        cr_expect(eq(int, code, most < 16 ? -EINVAL : 0), "%zu", most);
        (void)fclose(in);
        free(all);
    }
}

/* The writer refuses what the reader refuses. */
Test(reports_flood, a_document_over_the_limit_is_not_written) {
    char text[64] = "";
    struct ipm_err err = {0};
    for (size_t most = 1; most < 17; most++) {
        FILE *out = fmemopen(text, sizeof text, "w");
        const struct ipm_json_form form = {.compact = true, .bytes_most = most};
        const int code =
            ipm_json_sink(json_pack("{s:s}", "key", "value"), form, out, &err);
        (void)fclose(out);
        cr_assert(eq(int, code, most < 16 ? -EFBIG : 0), "%zu", most);
    }
    cr_assert(eq(str, text, "{\"key\":\"value\"}\n"));
    cr_assert(eq(str, err.text, "the JSON document is larger than ipcmark reads"));
    cr_assert(ne(str, err.hint, ""));
}

static size_t tree_bytes;
static size_t tree_most_bytes;

static void *count_malloc(size_t size) {
    void *memory = malloc(size);
    tree_bytes += malloc_usable_size(memory);
    tree_most_bytes = tree_bytes > tree_most_bytes ? tree_bytes : tree_most_bytes;
    return memory;
}

static void count_free(void *memory) {
    tree_bytes -= malloc_usable_size(memory);
    free(memory);
}

/* A tree of the whole document would take several times its size. */
Test(reports_flood, a_report_is_written_without_a_tree_of_it) {
    struct ipm_report report;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const struct ipm_render_options plain = {.columns = 80};
    cr_assert(eq(int, ipm_report_sample_patterns(&report, 2), 0));
    json_set_alloc_funcs(count_malloc, count_free);
    cr_assert(eq(int,
                 ipm_renderer_find("json")->render[IPM_DOCUMENT_REPORT](
                     &(struct ipm_document){.report = &report}, &plain, out, NULL),
                 0));
    (void)fclose(out);
    cr_expect(lt(sz, tree_most_bytes, size / 4), "%zu of %zu", tree_most_bytes, size);
    cr_expect(eq(sz, tree_bytes, 0));
    free(text);
    ipm_report_done(&report);
}
