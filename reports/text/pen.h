/* pen.h - the output of the text renderer: columns, colours, wrapping.
 *
 * Spaces are held back until something follows, so no line ends in one. All text is
 * cleaned, because a report may come from another machine and no escape sequence may reach
 * a terminal. */
#ifndef IPM_REPORTS_TEXT_PEN_H
#define IPM_REPORTS_TEXT_PEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct ipm_render_options;
struct ipm_text_unit;

enum ipm_text_style {
    IPM_TEXT_PLAIN,
    IPM_TEXT_BOLD,
    IPM_TEXT_DIM,
    IPM_TEXT_GOOD,
    IPM_TEXT_BAD,
    IPM_TEXT_WARN,
};

struct ipm_text_pen {
    FILE *out;
    const struct ipm_render_options *options;
    const struct ipm_text_unit *unit; /* of rates of bytes in a report */
    unsigned column;           /* of the next character, held back spaces included */
    unsigned spaces;           /* held back */
    enum ipm_text_style style; /* last style sent to the terminal */
};

/* Returns the columns of a text after cleaning. */
unsigned ipm_text_width(const struct ipm_text_pen *pen, const char *text);

void ipm_text_put(struct ipm_text_pen *pen, enum ipm_text_style style, const char *text);

/* Puts at most `width` columns of text. */
void ipm_text_put_cut(struct ipm_text_pen *pen, enum ipm_text_style style,
                      const char *text, unsigned width);

/* Puts text that ends before column `end`, or one space after the text before it. Empty
 * text changes nothing. */
void ipm_text_put_right(struct ipm_text_pen *pen, enum ipm_text_style style,
                        const char *text, unsigned end);

/* Moves to the column, unless the pen is there or beyond. */
void ipm_text_move(struct ipm_text_pen *pen, unsigned column);

void ipm_text_newline(struct ipm_text_pen *pen);

/* Puts text word by word; lines after the first begin at column `indent`. The pen stays on
 * the last line. A word longer than a line is not split. */
void ipm_text_wrap(struct ipm_text_pen *pen, enum ipm_text_style style, const char *text,
                   unsigned indent);

/* Like ipm_text_wrap for a formatted text, after which the line ends. */
__attribute__((format(printf, 4, 5))) void ipm_text_line(struct ipm_text_pen *pen,
                                                         enum ipm_text_style style,
                                                         unsigned indent,
                                                         const char *format, ...);

/* Puts an item of a list, which is not split when it fits on a line of its own. A middle
 * dot separates items on a line. `first`: it is the first of the list. An empty item is left
 * out. */
void ipm_text_item(struct ipm_text_pen *pen, enum ipm_text_style style, const char *text,
                   unsigned indent, bool first);

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
