/* page.c - the frame of a page and the pieces that pages have in common. */
#include "reports/html/page.h"

#include "base/utf8.h"
#include "model/report/report.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

static const char page_ellipsis[] = "\u2026";

enum { PAGE_SHORT_BYTES = 128 };

void ipm_html_text(FILE *out, const char *text) {
    ipm_clean_put(out, text, ipm_escapes_xml);
}

/* Returns the length in bytes of the first `characters` characters of a text. Each byte that is
 * not UTF-8 counts as a character. */
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

size_t ipm_html_letters(const char *text, size_t most) {
    size_t count = 0;
    while (count < most && text[page_bytes_of(text, count)] != '\0')
        count++;
    return count;
}

void ipm_html_section_open(FILE *out, const char *id, const char *heading) {
    HTML("<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", id, id, heading);
}

void ipm_html_table_begin(FILE *out, const char *id, const char *class,
                          const char *caption) {
    HTML("<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
         "aria-labelledby=\"%s\">\n",
         id);
    HTML(class[0] != '\0' ? "<table class=\"%s\">\n" : "<table>%s\n", class);
    HTML("<caption id=\"%s\">%s</caption>\n", id, caption);
}

void ipm_html_table_open_of(FILE *out, const char *id, const char *class,
                            const char *caption, const char *const *columns) {
    const bool headed = *columns != NULL;
    ipm_html_table_begin(out, id, class, caption);
    HTML(headed ? "<thead><tr>" : "");
    for (; *columns != NULL; columns++)
        HTML("<th scope=\"col\">%s</th>", *columns);
    HTML(headed ? "</tr></thead>\n<tbody>\n" : "<tbody>\n");
}

void ipm_html_table_close(FILE *out) {
    HTML("</tbody>\n</table>\n</div>\n");
}

void ipm_html_row_open(FILE *out, const char *name) {
    HTML("<tr><th scope=\"row\">%s</th>", name);
}

void ipm_html_cells_of(FILE *out, const char *const *texts) {
    for (; *texts != NULL; texts++)
        HTML("<td>%s</td>", *texts);
    HTML("</tr>\n");
}

void ipm_html_badge(FILE *out, const char *class, const char *words) {
    HTML("<td><span class=\"badge %s\">%s</span></td>", class, words);
}

void ipm_html_link(FILE *out, bool wanted, const char *id, const char *words) {
    if (wanted)
        HTML("<li><a href=\"#%s\">%s</a></li>\n", id, words);
}

static void page_footer(FILE *out, const struct ipm_tool *tool) {
    HTML("<p>Made by ipcmark %s", tool->version);
    if (tool->commit[0] != '\0')
        HTML(", commit %s", tool->commit);
    if (tool->compiler[0] != '\0')
        HTML(", built with %s", tool->compiler);
    HTML(".</p>\n");
}

static bool page_is(const char *place, const char *name) {
    return strncmp(place, name, strlen(name)) == 0 &&
           strncmp(place + strlen(name), "}}", 2) == 0;
}

static void page_fill(FILE *out, const struct ipm_html_part *parts, void *context,
                      const struct ipm_tool *tool, const char *place) {
    if (page_is(place, "style"))
        (void)fputs(ipm_html_style_text, out);
    if (page_is(place, "footer"))
        page_footer(out, tool);
    for (; parts->name != NULL; parts++)
        if (page_is(place, parts->name))
            parts->write(out, context);
}

int ipm_html_page(FILE *out, const struct ipm_html_part *parts, void *context,
                  const struct ipm_tool *tool, struct ipm_err *err) {
    const char *rest = ipm_html_frame_text;
    errno = 0;
    for (const char *mark = strstr(rest, "{{"); mark != NULL; mark = strstr(rest, "{{")) {
        (void)fwrite(rest, 1, (size_t)(mark - rest), out);
        page_fill(out, parts, context, tool, mark + 2);
        rest = strstr(mark, "}}") + 2;
    }
    (void)fputs(rest, out);
    return ipm_clean_end(out, "page", err);
}
