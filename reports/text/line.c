/* line.c - writes a line of several items. */
#include "reports/text/line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void ipm_text_line_add(struct ipm_text_line *line, const char *format, ...) {
    char item[IPM_TEXT_ITEM_BYTES];
    unsigned indent = (unsigned)strlen(line->name);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(item, sizeof item, format, arguments);
    va_end(arguments);
    if (item[0] == '\0')
        return;
    if (line->count == 0) {
        ipm_text_put(line->pen, line->style, line->name);
        ipm_text_move(line->pen, indent);
    }
    ipm_text_item(line->pen, IPM_TEXT_PLAIN, item, indent, line->count == 0);
    line->count++;
}

void ipm_text_line_end(const struct ipm_text_line *line) {
    if (line->count > 0)
        ipm_text_newline(line->pen);
}
