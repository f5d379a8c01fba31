#include "tests/unit/test_reports_lines.h"

#include "reports/text/pen.h"
#include "tests/support/assert.h"

#include <stdio.h>
#include <string.h>

char *ipm_test_render(const char *format, const struct ipm_report *report,
                      struct ipm_render_options options) {
    const struct ipm_renderer *renderer = ipm_renderer_find(format);
    const struct ipm_document document = {.report = report};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    cr_assert(ne(ptr, out, NULL));
    cr_assert(eq(
        int, renderer->render[IPM_DOCUMENT_REPORT](&document, &options, out, NULL), 0));
    (void)fclose(out);
    return text;
}

char *ipm_lines_render(const struct ipm_report *report,
                       struct ipm_render_options options) {
    return ipm_test_render("text", report, options);
}

static void look_at_line(const char *line, unsigned columns) {
    const struct ipm_render_options options = {.utf8 = true};
    const struct ipm_text_pen pen = {.options = &options};
    cr_assert(ne(int, line[strlen(line) - 1], ' '), "%u: '%s'", columns, line);
    cr_assert(le(u32, ipm_text_width(&pen, line), columns), "%u: '%s'", columns, line);
    for (; *line != '\0'; line++) {
        cr_assert(not(lt(u32, (unsigned char)*line, ' ')), "a control character");
        cr_assert(ne(int, *line, 0x7F));
    }
}

void ipm_lines_look(char *text, unsigned columns) {
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        look_at_line(line, columns);
    }
}
