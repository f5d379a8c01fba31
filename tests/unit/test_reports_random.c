/* What the writer writes, the reader reads: for reports of any contents. */
#include "base/err.h"
#include "reports/renderer.h"
#include "tests/support/assert.h"
#include "tests/support/random_report.h"
#include "tests/unit/test_reports_lines.h"

#include <stdlib.h>
#include <string.h>

enum { RANDOM_REPORTS = 150 };

static char *random_written(const struct ipm_report *report) {
    return ipm_test_render("json", report, (struct ipm_render_options){.columns = 80});
}

/* Where two texts begin to differ, for a person. */
static const char *difference(const char *one, const char *other) {
    static char words[300];
    size_t at = 0;
    while (one[at] != '\0' && one[at] == other[at])
        at++;
    const size_t from = at < 60 ? 0 : at - 60;
    (void)snprintf(words, sizeof words, "%.120s\nand\n%.120s", one + from, other + from);
    return words;
}

/* Reads the text into ret_report and returns it written again. */
static char *written_again(const char *text, struct ipm_report *ret_report) {
    struct ipm_err err = {0};
    FILE *in = fmemopen((char *)text, strlen(text), "r");
    cr_assert(ne(ptr, in, NULL));
    cr_assert(eq(int, ipm_report_read(ret_report, in, "x.json", &err), 0), "%s",
              err.text);
    (void)fclose(in);
    return random_written(ret_report);
}

Test(reports_random, what_is_written_is_read_and_written_again_byte_by_byte) {
    for (uint64_t seed = 0; seed < RANDOM_REPORTS; seed++) {
        struct ipm_report report;
        struct ipm_report again;
        cr_assert(eq(int, ipm_report_random(&report, seed), 0));
        char *first = random_written(&report);
        char *second = written_again(first, &again);
        cr_assert(eq(int, strcmp(first, second), 0), "seed %zu: %s", (size_t)seed,
                  difference(first, second));
        free(first);
        free(second);
        ipm_report_done(&report);
        ipm_report_done(&again);
    }
}

/* Of a report that was read, since warnings quote text before it is mended. */
Test(reports_random, what_is_derived_comes_out_the_same_again) {
    for (uint64_t seed = 0; seed < RANDOM_REPORTS; seed++) {
        struct ipm_report reports[3];
        cr_assert(eq(int, ipm_report_random(&reports[0], seed), 0));
        char *raw = random_written(&reports[0]);
        free(written_again(raw, &reports[1]));
        cr_assert(eq(int, ipm_report_summarize(&reports[1]), 0));
        char *first = random_written(&reports[1]);
        free(written_again(first, &reports[2]));
        cr_assert(eq(int, ipm_report_summarize(&reports[2]), 0));
        char *second = random_written(&reports[2]);
        cr_assert(eq(int, strcmp(first, second), 0), "seed %zu: %s", (size_t)seed,
                  difference(first, second));
        for (size_t i = 0; i < 3; i++)
            ipm_report_done(&reports[i]);
        free(raw);
        free(first);
        free(second);
    }
}

Test(reports_random, reports_differ_and_the_same_seed_gives_the_same) {
    struct ipm_report reports[3];
    char *texts[3];
    for (size_t i = 0; i < 3; i++) {
        cr_assert(eq(int, ipm_report_random(&reports[i], i / 2), 0));
        texts[i] = random_written(&reports[i]);
        ipm_report_done(&reports[i]);
    }
    cr_assert(eq(str, texts[0], texts[1]));
    cr_assert(ne(str, texts[0], texts[2]));
    for (size_t i = 0; i < 3; i++)
        free(texts[i]);
}
