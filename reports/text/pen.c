/* pen.c - columns, colours, wrapping and cleaning. */
#include "reports/text/pen.h"

#include "base/utf8.h"
#include "reports/renderer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PEN_CHARACTER_BYTES = 8, PEN_LINE_BYTES = 1024 };

/* Characters that may take no column, beside those that are hidden. */
static const struct ipm_utf8_range pen_unsafe[] = {{.first = 0x300, .last = 0x36F},
                                                   {.first = 0xE0000, .last = 0x10FFFF}};

/* Characters that take two columns: East Asian wide characters and emoji. */
static const struct ipm_utf8_range pen_wide[] = {
    {.first = 0x1100, .last = 0x115F},   {.first = 0x2E80, .last = 0xA4CF},
    {.first = 0xAC00, .last = 0xD7A3},   {.first = 0xF900, .last = 0xFAFF},
    {.first = 0xFE30, .last = 0xFE6F},   {.first = 0xFF00, .last = 0xFF60},
    {.first = 0xFFE0, .last = 0xFFE6},   {.first = 0x1F300, .last = 0x1FAFF},
    {.first = 0x20000, .last = 0x3FFFD},
};

struct pen_spelling {
    uint32_t point;
    const char *ascii;
};

/* Replacements of our own punctuation in ASCII output; everything else becomes '?'. */
static const struct pen_spelling pen_spellings[] = {
    {.point = 0xB7, .ascii = "-"},    /* middle dot */
    {.point = 0xD7, .ascii = "x"},    /* times */
    {.point = 0xB1, .ascii = "+-"},   /* plus-minus */
    {.point = 0x2013, .ascii = "-"},  /* en dash */
    {.point = 0x2500, .ascii = "-"},  /* rule */
    {.point = 0x2026, .ascii = "~"},  /* ellipsis */
    {.point = 0xB5, .ascii = "u"},    /* micro */
    {.point = 0x2192, .ascii = "to"}, /* arrow to the right */
    {.point = 0x2190, .ascii = "back"},
};

static const char *pen_ascii(uint32_t point) {
    for (size_t i = 0; i < sizeof pen_spellings / sizeof pen_spellings[0]; i++)
        if (pen_spellings[i].point == point)
            return pen_spellings[i].ascii;
    return "?";
}

/* Cleans the next character of text into `shown`, advances, and returns its columns. */
static unsigned pen_next(const struct ipm_text_pen *pen, const char **text,
                         char shown[PEN_CHARACTER_BYTES]) {
    uint32_t point = 0;
    size_t length = ipm_utf8_decode(*text, &point);
    const char *from = *text;
    unsigned columns = 1;
    *text += length > 0 ? length : 1;
    if (length == 0 || ipm_utf8_is_hidden(point) ||
        ipm_utf8_is_within(pen_unsafe, sizeof pen_unsafe / sizeof pen_unsafe[0], point)) {
        from = "?";
        length = 1;
    } else if (length > 1 && !pen->options->utf8) {
        from = pen_ascii(point);
        length = strlen(from);
        columns = (unsigned)length;
    } else if (ipm_utf8_is_within(pen_wide, sizeof pen_wide / sizeof pen_wide[0],
                                  point)) {
        columns = 2;
    }
    memcpy(shown, from, length);
    shown[length] = '\0';
    return columns;
}

/* Returns the columns of the first `length` bytes of text. */
static unsigned pen_width(const struct ipm_text_pen *pen, const char *text,
                          size_t length) {
    char shown[PEN_CHARACTER_BYTES];
    const char *end = text + length;
    unsigned width = 0;
    while (text < end)
        width += pen_next(pen, &text, shown);
    return width;
}

unsigned ipm_text_width(const struct ipm_text_pen *pen, const char *text) {
    return pen_width(pen, text, strlen(text));
}

static const char *const pen_colours[] = {
    [IPM_TEXT_PLAIN] = "\033[0m", [IPM_TEXT_BOLD] = "\033[1m",
    [IPM_TEXT_DIM] = "\033[2m",   [IPM_TEXT_GOOD] = "\033[32m",
    [IPM_TEXT_BAD] = "\033[31m",  [IPM_TEXT_WARN] = "\033[33m",
};

static void pen_dress(struct ipm_text_pen *pen, enum ipm_text_style style) {
    if (pen->options->color && pen->style != style)
        (void)fputs(pen_colours[style], pen->out); /* the caller checks ferror */
    pen->style = style;
}

/* Spaces between two pieces of one style have that style; all others are plain. */
static void pen_begin(struct ipm_text_pen *pen, enum ipm_text_style style) {
    if (pen->style != IPM_TEXT_PLAIN && pen->style != style)
        pen_dress(pen, IPM_TEXT_PLAIN);
    for (; pen->spaces > 0; pen->spaces--)
        (void)fputc(' ', pen->out);
    pen_dress(pen, style);
}

/* Puts as many of the first `length` bytes of text as fit into `width` columns. */
static void pen_put(struct ipm_text_pen *pen, enum ipm_text_style style, const char *text,
                    size_t length, unsigned width) {
    const char *end = text + length;
    char shown[PEN_CHARACTER_BYTES];
    unsigned used = 0;
    if (length > 0)
        pen_begin(pen, style);
    while (text < end) {
        unsigned columns = pen_next(pen, &text, shown);
        if (used + columns > width)
            break;
        (void)fputs(shown, pen->out);
        used += columns;
    }
    pen->column += used;
}

void ipm_text_put(struct ipm_text_pen *pen, enum ipm_text_style style, const char *text) {
    pen_put(pen, style, text, strlen(text), (unsigned)-1);
}

void ipm_text_put_cut(struct ipm_text_pen *pen, enum ipm_text_style style,
                      const char *text, unsigned width) {
    if (ipm_text_width(pen, text) <= width) {
        ipm_text_put(pen, style, text);
    } else if (width > 1) {
        pen_put(pen, style, text, strlen(text), width - 1);
        pen_put(pen, style, "\u2026", strlen("\u2026"), 1);
    }
}

void ipm_text_move(struct ipm_text_pen *pen, unsigned column) {
    if (pen->column < column) {
        pen->spaces += column - pen->column;
        pen->column = column;
    }
}

void ipm_text_put_right(struct ipm_text_pen *pen, enum ipm_text_style style,
                        const char *text, unsigned end) {
    const unsigned width = ipm_text_width(pen, text);
    const unsigned start = end > width ? end - width : 0;
    if (width == 0)
        return;
    ipm_text_move(pen, start > pen->column ? start : pen->column + 1);
    ipm_text_put(pen, style, text);
}

void ipm_text_newline(struct ipm_text_pen *pen) {
    pen_dress(pen, IPM_TEXT_PLAIN);
    (void)fputc('\n', pen->out);
    pen->column = 0;
    pen->spaces = 0;
}

void ipm_text_wrap(struct ipm_text_pen *pen, enum ipm_text_style style, const char *text,
                   unsigned indent) {
    bool joined = true; /* the first word needs no space before it */
    while (*(text += strspn(text, " \n\t")) != '\0') {
        size_t length = strcspn(text, " \n\t");
        unsigned width = pen_width(pen, text, length);
        unsigned start = pen->column + (joined ? 0 : 1);
        if (start + width > pen->options->columns && pen->column > indent) {
            ipm_text_newline(pen);
            start = indent;
        }
        ipm_text_move(pen, start);
        pen_put(pen, style, text, length, (unsigned)-1);
        joined = false;
        text += length;
    }
}

void ipm_text_line(struct ipm_text_pen *pen, enum ipm_text_style style, unsigned indent,
                   const char *format, ...) {
    char line[PEN_LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    ipm_text_wrap(pen, style, line, indent);
    ipm_text_newline(pen);
}

void ipm_text_item(struct ipm_text_pen *pen, enum ipm_text_style style, const char *text,
                   unsigned indent, bool first) {
    static const char dot[] = " \u00b7 ";
    unsigned between = first ? 0 : 3;
    if (text[0] == '\0')
        return;
    if (pen->column + between + ipm_text_width(pen, text) <= pen->options->columns) {
        ipm_text_put(pen, IPM_TEXT_DIM, first ? "" : dot);
    } else if (pen->column > indent) {
        ipm_text_newline(pen);
        ipm_text_move(pen, indent);
    }
    ipm_text_wrap(pen, style, text, indent);
}

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
