/* page.c - a frame whose places are filled; see html/page.h. Must not know by what. */
#include "reports/html/page.h"

#include "base/utf8.h"
#include "model/report/report.h"
#include "reports/common/clean.h"

#include <stdint.h>
#include <string.h>

static const struct ipm_escape page_escapes[] = {
    {'&', "&amp;"},  {'<', "&lt;"},   {'>', "&gt;"},
    {'"', "&quot;"}, {'\'', "&#39;"}, {'\0', NULL},
};

static const char page_ellipsis[] = "\u2026";

enum { PAGE_SHORT_BYTES = 128, PAGE_MARK_BYTES = 2 };

void ipm_html_text(FILE *out, const char *text) {
    ipm_clean_put(out, text, page_escapes);
}

/* Bytes of the first characters of a text; what is no UTF-8 counts byte by byte. */
static size_t page_bytes_of(const char *text, size_t characters) {
    const char *at = text;
    for (; *at != '\0' && characters > 0; characters--) {
        uint32_t point = 0;
        const size_t taken = ipm_utf8_decode(at, &point);
        at += taken > 0 ? taken : 1;
    }
    return (size_t)(at - text);
}

void ipm_html_short(FILE *out, const char *text, size_t most) {
    char piece[PAGE_SHORT_BYTES];
    const size_t bytes = page_bytes_of(text, most - 1);
    if (text[page_bytes_of(text, most)] == '\0' || bytes >= sizeof piece) {
        ipm_html_text(out, text);
        return;
    }
    memcpy(piece, text, bytes);
    piece[bytes] = '\0';
    ipm_html_text(out, piece);
    (void)fputs(page_ellipsis, out);
}

void ipm_html_style(FILE *out) {
    (void)fputs(ipm_html_style_text, out);
}

void ipm_html_made_by(FILE *out, const struct ipm_tool *tool) {
    (void)fputs("<p>Made by ipcmark ", out);
    ipm_html_text(out, tool->version);
    if (tool->commit[0] != '\0') {
        (void)fputs(", commit ", out);
        ipm_html_text(out, tool->commit);
    }
    if (tool->compiler[0] != '\0') {
        (void)fputs(", built with ", out);
        ipm_html_text(out, tool->compiler);
    }
    (void)fputs(".</p>\n", out);
}

static void page_fill(FILE *out, const struct ipm_html_part *parts, void *context,
                      const char *name, size_t length) {
    for (; parts->name != NULL; parts++)
        if (strlen(parts->name) == length && memcmp(parts->name, name, length) == 0)
            parts->write(out, context);
}

void ipm_html_page(FILE *out, const struct ipm_html_part *parts, void *context) {
    const char *rest = ipm_html_frame_text;
    for (const char *mark = strstr(rest, "{{"); mark != NULL; mark = strstr(rest, "{{")) {
        const char *name = mark + PAGE_MARK_BYTES;
        const char *end = strstr(name, "}}");
        if (end == NULL)
            break;
        (void)fwrite(rest, 1, (size_t)(mark - rest), out);
        page_fill(out, parts, context, name, (size_t)(end - name));
        rest = end + PAGE_MARK_BYTES;
    }
    (void)fputs(rest, out);
}
