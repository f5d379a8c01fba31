/* line.h - a line of several items below or above the table: "name: item · item". */
#ifndef IPM_REPORTS_TEXT_LINE_H
#define IPM_REPORTS_TEXT_LINE_H

#include "reports/text/pen.h"

#include <stddef.h>

enum { IPM_TEXT_ITEM_BYTES = 704 }; /* of an item, the rest is cut */

/* It is written when its first item is added. */
struct ipm_text_line {
    struct ipm_text_pen *pen;
    const char *name;
    enum ipm_text_style style;
    size_t count;
};

/* Adds an item; an empty one is left out. */
__attribute__((format(printf, 2, 3))) void ipm_text_line_add(struct ipm_text_line *line,
                                                             const char *format, ...);

/* Ends the line if it has items. */
void ipm_text_line_end(const struct ipm_text_line *line);

#endif
