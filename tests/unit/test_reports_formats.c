/* What holds for every row of renderers.def: the way it fails, and what no document may hold
 * whatever a report does. */
#include "base/err.h"
#include "base/utf8.h"
#include "reports/renderer.h"
#include "tests/support/assert.h"
#include "tests/support/report_sample.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct ipm_render_options formats_plain = {.columns = 80, .utf8 = true};
static struct ipm_report formats_report;

static void make(void) {
    cr_assert(eq(int, ipm_report_sample(&formats_report, 2), 0));
}

static void make_patterns(void) {
    cr_assert(eq(int, ipm_report_sample_patterns(&formats_report, 1), 0));
}

static void drop(void) {
    ipm_report_done(&formats_report);
}

static int render(const struct ipm_renderer *renderer, char **ret_text,
                  struct ipm_err *err) {
    size_t size = 0;
    FILE *out = open_memstream(ret_text, &size);
    cr_assert(ne(ptr, out, NULL));
    int code = renderer->render[IPM_DOCUMENT_REPORT](
        &(struct ipm_document){.report = &formats_report}, &formats_plain, out, err);
    cr_assert(eq(int, fclose(out), 0));
    cr_expect(eq(sz, strlen(*ret_text), size), "%s: a NUL", renderer->name);
    return code;
}

Test(reports_formats, a_full_device_is_an_error_in_words, .init = make, .fini = drop) {
    for (size_t i = 0; ipm_renderers[i] != NULL; i++) {
        const struct ipm_renderer *renderer = ipm_renderers[i];
        struct ipm_err err = {0};
        FILE *out = fopen("/dev/full", "we");
        cr_assert(ne(ptr, out, NULL));
        setbuf(out, NULL);
        int code = renderer->render[IPM_DOCUMENT_REPORT](
            &(struct ipm_document){.report = &formats_report}, &formats_plain, out, &err);
        cr_expect(eq(int, code, -ENOSPC), "%s", renderer->name);
        cr_expect(ne(ptr, strstr(err.text, ": No space left on device"), NULL), "%s: %s",
                  renderer->name, err.text);
        (void)fclose(out);
    }
}

static size_t allocations_left;

static void *failing_malloc(size_t size) {
    if (allocations_left == 0) {
        errno = ENOMEM;
        return NULL;
    }
    allocations_left--;
    return malloc(size);
}

static void starve(const struct ipm_renderer *renderer) {
    int code = -ENOMEM;
    for (size_t most = 0; code != 0; most += 1 + most / 16) {
        struct ipm_err err = {0};
        char *text = NULL;
        allocations_left = most;
        code = render(renderer, &text, &err);
        free(text);
        cr_assert(eq(int, code, code == 0 ? 0 : -ENOMEM), "%s at %zu", renderer->name,
                  most);
        cr_assert(eq(int, err.code, code));
    }
}

Test(reports_formats, too_little_memory_is_said_at_every_allocation,
     .init = make_patterns, .fini = drop) {
    json_set_alloc_funcs(failing_malloc, free);
    for (size_t i = 0; ipm_renderers[i] != NULL; i++)
        starve(ipm_renderers[i]);
}

/* The first byte that ends no line and stands for no character, or the end. */
static const char *find_bad(const char *text) {
    uint32_t point = 0;
    size_t taken = 1;
    for (; *text != '\0'; text += taken) {
        taken = ipm_utf8_decode(text, &point);
        if (taken == 0 || (point < 0x20 && point != '\n') || point == 0x7F)
            break;
    }
    return text;
}

Test(reports_formats, no_document_holds_control_characters_or_broken_text, .init = make,
     .fini = drop) {
    for (size_t i = 0; ipm_renderers[i] != NULL; i++) {
        struct ipm_err err = {0};
        char *text = NULL;
        cr_assert(eq(int, render(ipm_renderers[i], &text, &err), 0), "%s", err.text);
        cr_expect(eq(str, (char *)find_bad(text), ""), "%s", ipm_renderers[i]->name);
        cr_expect(eq(chr, text[strlen(text) - 1], '\n'), "%s", ipm_renderers[i]->name);
        free(text);
    }
}

/* Characters that are not shown but change how others are: in every text of a report. */
static const char hidden[] =
    "a\u200fb\u061cc\u200bd\ufeffe\U000e0041f\u202eg\u2066h\xc2\x85i\xc2\x9bj\u00adk"
    "\u2060l\u3164m\ufe0fn\u180eo\u2028p\u115fq\U000e0101r\x7fs\u034ft\ufff9u";

static void hide_in_each_text(void) {
    struct ipm_case *c = &formats_report.cases[0];
    struct ipm_fact notice = {.key = "notice", .kind = IPM_FACT_TEXT};
    char *const texts[] = {formats_report.host.hostname,
                           formats_report.host.cpu_model,
                           formats_report.host.os,
                           formats_report.tool.compiler,
                           formats_report.tool.commit,
                           formats_report.error,
                           formats_report.cases[1].reason,
                           c->config.name,
                           notice.text,
                           formats_report.settings.plugins.items[0].path};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        (void)strcpy(texts[i], hidden);
    (void)snprintf(c->config.transport, sizeof c->config.transport, "%.20s", hidden);
    (void)snprintf(c->config.congestion, sizeof c->config.congestion, "%.20s", hidden);
    for (size_t i = 0; i < IPM_ROLES; i++)
        (void)snprintf(c->ends[i], sizeof c->ends[i], "<b>%.20s", hidden);
    ipm_sample_fact_text(&c->settings[IPM_SENDER], notice.key, notice.text);
    cr_assert(eq(int, ipm_report_summarize(&formats_report), 0));
}

static void expect_none_hidden(const char *text, const char *name) {
    uint32_t point = 0;
    for (const char *at = text; *at != '\0'; at += ipm_utf8_decode(at, &point)) {
        cr_assert(lt(sz, 0, ipm_utf8_decode(at, &point)), "%s", name);
        const bool bad = *at != '\n' && ipm_utf8_is_hidden(point);
        cr_assert(not(bad), "%s: %.60s", name, at);
    }
}

Test(reports_formats, no_document_holds_characters_that_hide, .init = make,
     .fini = drop) {
    hide_in_each_text();
    for (size_t i = 0; ipm_renderers[i] != NULL; i++) {
        struct ipm_err err = {0};
        char *text = NULL;
        cr_assert(eq(int, render(ipm_renderers[i], &text, &err), 0), "%s", err.text);
        expect_none_hidden(text, ipm_renderers[i]->name);
        if (strcmp(ipm_renderers[i]->name, "html") == 0)
            cr_expect(eq(ptr, strstr(text, "<b>"), NULL));
        free(text);
    }
}

Test(reports_formats, no_message_holds_characters_that_hide) {
    struct ipm_err err = {0};
    (void)ipm_err_set(&err, -EINVAL, "no file '%s\xff'", hidden);
    expect_none_hidden(err.text, "message");
    cr_expect(eq(str, err.text, "no file 'a?b?c?d?e?f?g?h?i?j?k?l?m?n?o?p?q?r?s?t?u?'"));
}

/* As a word of its own: nanoseconds are fine. */
static bool has_word(const char *text, const char *word) {
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word))
        if ((at == text || !isalpha((unsigned char)at[-1])) &&
            !isalpha((unsigned char)at[strlen(word)]))
            return true;
    return false;
}

/* With 0 rounds there is not one trial, and every statistic is unknown. */
Test(reports_formats, of_nothing_there_is_a_document_without_nan) {
    cr_assert(eq(int, ipm_report_sample(&formats_report, 0), 0));
    for (size_t i = 0; ipm_renderers[i] != NULL; i++) {
        struct ipm_err err = {0};
        char *text = NULL;
        cr_assert(eq(int, render(ipm_renderers[i], &text, &err), 0), "%s", err.text);
        cr_expect(not(has_word(text, "nan")), "%s", ipm_renderers[i]->name);
        cr_expect(not(has_word(text, "inf")), "%s", ipm_renderers[i]->name);
        free(text);
    }
    ipm_report_done(&formats_report);
}

Test(reports_formats, every_setting_of_a_case_is_a_column_of_csv, .init = make,
     .fini = drop) {
    struct ipm_err err = {0};
    char *text = NULL;
    cr_assert(eq(int, render(ipm_renderer_find("csv"), &text, &err), 0));
    text[strcspn(text, "\n")] = '\0';
    for (size_t i = 0; i < IPM_SETTINGS; i++) {
        char column[IPM_NAME_BYTES + 2];
        (void)snprintf(column, sizeof column, ",%s,", ipm_settings[i].key);
        cr_expect(ne(ptr, strstr(text, column), NULL), "%s", ipm_settings[i].key);
    }
    free(text);
}

Test(reports_formats, every_setting_of_a_run_is_a_row_of_html, .init = make,
     .fini = drop) {
    struct ipm_err err = {0};
    char *text = NULL;
    cr_assert(eq(int, render(ipm_renderer_find("html"), &text, &err), 0));
    for (size_t i = 0; i < IPM_SETTINGS; i++) {
        const struct ipm_setting *setting = &ipm_settings[i];
        const char *label = setting->label ? setting->label : "receive buffer";
        if ((setting->flags & IPM_SETTING_COMMON) != 0)
            cr_expect(ne(ptr, strstr(text, label), NULL), "%s", setting->key);
    }
    free(text);
}
