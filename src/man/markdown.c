/* markdown.c - converts as much of Markdown as the pages of this tree use. */
#include "man/man.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MARKDOWN_COLUMNS = 78, MARKDOWN_ROW_BYTES = 4096 };

#define MARKDOWN_SKIP "<!-- not in the manual -->"

/* --- words -------------------------------------------------------------------------- */

/* Writes one character of a word. Some characters mean something at the start of a line,
 * where each word may come to stand. */
static void markdown_put(FILE *out, char c, bool first) {
    if (strchr("\\*_+", c) != NULL || (first && strchr("-#|[];:`", c) != NULL))
        (void)fputc('\\', out);
    (void)fputc(c, out);
}

/* Returns the end of a link's text when one begins here, "[text](target)", else NULL. */
static const char *markdown_link(const char *at, const char **ret_after) {
    const char *end = *at == '[' ? strchr(at, ']') : NULL;
    const char *target = end != NULL && end[1] == '(' ? strchr(end, ')') : NULL;
    if (target == NULL)
        return NULL;
    *ret_after = target + 1;
    return end;
}

/* Writes the characters up to `end` and converts code, bold words and links, or with `plain`
 * nothing.
 * NOLINTNEXTLINE(misc-no-recursion): the text of a link contains no link */
static void markdown_inline(FILE *out, const char *at, const char *end, bool plain) {
    bool code = false;
    for (bool first = true; at < end; at++) {
        const char *after = NULL;
        const char *text_end = plain || code ? NULL : markdown_link(at, &after);
        if (text_end != NULL) {
            markdown_inline(out, at + 1, text_end, false);
            at = after - 1;
        } else if (!plain && (*at == '`' || (!code && strncmp(at, "**", 2) == 0))) {
            (void)fputc('*', out);
            code = *at == '`' ? !code : code;
            at += *at == '*';
        } else {
            markdown_put(out, *at, first);
        }
        first = *at == ' ';
    }
}

/* Returns the columns of a word in the output of scdoc, which escapes some characters. */
static size_t markdown_width(const char *word, size_t length) {
    size_t width = 0;
    for (size_t i = 0; i < length; i++)
        width += (unsigned char)word[i] >= 0x80        ? 4
                 : strchr(".'!?*_~^", word[i]) != NULL ? 3
                                                       : 1;
    return width;
}

/* Writes words that are converted. A line does not begin with a full stop, which roff(7)
 * would obey. */
static void markdown_wrap(FILE *out, const char *words, const char *first,
                          const char *indent) {
    size_t column = 0;
    (void)fputs(first, out);
    for (size_t length = 0; *words != '\0'; words += length) {
        words += strspn(words, " \n");
        length = strcspn(words, " \n");
        const size_t width = markdown_width(words, length);
        const bool breaks =
            column > 0 && *words != '.' && column + 1 + width > MARKDOWN_COLUMNS;
        if (breaks)
            (void)fprintf(out, "\n%s", indent);
        else if (column > 0)
            (void)fputc(' ', out);
        (void)fwrite(words, 1, length, out);
        column = (breaks ? 0 : column + 1) + width;
    }
    (void)fputc('\n', out);
}

static void markdown_write(FILE *out, const char *text, bool plain, const char *first,
                           const char *indent) {
    char *words = NULL;
    size_t bytes = 0;
    FILE *memory = open_memstream(&words, &bytes);
    if (memory == NULL)
        abort();
    markdown_inline(memory, text, text + strlen(text), plain);
    (void)fclose(memory);
    markdown_wrap(out, words, first, indent);
    free(words);
}

void ipm_markdown_plain(FILE *out, const char *text, const char *indent) {
    markdown_write(out, text, true, indent, indent);
}

/* --- blocks ------------------------------------------------------------------------- */

/* A paragraph or an item of a list, whose lines are being joined. */
struct markdown_block {
    char *text;       /* on the heap, or NULL */
    const char *item; /* the mark of an item, or NULL */
};

/* Returns the mark of scdoc for an item that begins in this line, or NULL. */
static const char *markdown_item(const char *line, size_t *ret_mark_bytes) {
    const size_t digits = strspn(line, "0123456789");
    *ret_mark_bytes = digits + 2;
    if (digits > 0 && strncmp(line + digits, ". ", 2) == 0)
        return ". ";
    return strncmp(line, "- ", 2) == 0 ? "- " : NULL;
}

static void markdown_flush(FILE *out, struct markdown_block *block) {
    if (block->text != NULL)
        markdown_write(out, block->text, false, block->item != NULL ? block->item : "",
                       block->item != NULL ? "  " : "");
    free(block->text);
    *block = (struct markdown_block){0};
}

static void markdown_join(struct markdown_block *block, const char *line) {
    char *joint = NULL;
    size_t mark_bytes = 0;
    const char *item = markdown_item(line, &mark_bytes);
    line += item != NULL ? mark_bytes : strspn(line, " ");
    if (asprintf(&joint, "%s%s%s", block->text != NULL ? block->text : "",
                 block->text != NULL ? " " : "", line) < 0)
        abort();
    free(block->text);
    *block = (struct markdown_block){joint, item != NULL ? item : block->item};
}

static size_t markdown_columns(const char *head) {
    size_t bars = 0;
    for (; *head != '\0'; head++)
        bars += *head == '|';
    return bars - 1;
}

/* Returns the next cell of a row, or NULL behind the last one: "a | b |". */
static char *markdown_cell(char **rest) {
    char *cell = strsep(rest, "|");
    if (cell == NULL || *rest == NULL)
        return NULL;
    cell += strspn(cell, " ");
    for (size_t length = strlen(cell); length > 0 && cell[length - 1] == ' ';)
        cell[--length] = '\0';
    return cell;
}

/* Writes a cell that tells what the term of its row means: an item under its heading where there
 * are several of them. */
static void markdown_meaning(FILE *out, const char *heading, const char *cell) {
    char text[MARKDOWN_ROW_BYTES];
    if (heading != NULL)
        (void)snprintf(text, sizeof text, "%c%s: %s", toupper((unsigned char)heading[0]),
                       heading + 1, cell);
    if (*cell != '\0')
        markdown_write(out, heading != NULL ? text : cell, false,
                       heading != NULL ? "\t- " : "\t", heading != NULL ? "\t  " : "\t");
}

/* Writes the first cell of a row, and its type, as a term, and the others as what it means. */
static void markdown_row(FILE *out, const char *head, char *line) {
    char names[MARKDOWN_ROW_BYTES];
    char term[MARKDOWN_ROW_BYTES];
    char *heads = names;
    char *cells = line + 1;
    char *cell = markdown_cell(&cells);
    const size_t terms = strstr(head, "| type |") != NULL ? 2 : 1;
    const bool several = markdown_columns(head) > terms + 1;
    (void)snprintf(names, sizeof names, "%s", head + 1);
    (void)markdown_cell(&heads);
    if (terms == 2) {
        (void)snprintf(term, sizeof term, "%s, %s", cell, markdown_cell(&cells));
        (void)markdown_cell(&heads);
    }
    markdown_write(out, terms == 2 ? term : cell, false, "", "");
    while ((cell = markdown_cell(&cells)) != NULL) {
        const char *heading = markdown_cell(&heads);
        markdown_meaning(out, several ? heading : NULL, cell);
    }
    (void)fputc('\n', out);
}

/* Writes a section, whose title is upper case, or a heading in it. */
static void markdown_heading(FILE *out, char *words, bool top) {
    size_t kept = 0;
    for (size_t i = 0; words[i] != '\0'; i++)
        if (words[i] != '`')
            words[kept++] = (char)(top ? toupper((unsigned char)words[i]) : words[i]);
    words[kept] = '\0';
    (void)fprintf(out, "\n%s %s\n\n", top ? "#" : "##", words);
}

void ipm_markdown_code(FILE *out, const char *text) {
    const size_t indent = strspn(text, " ");
    bool begins = true;
    (void)fputs("```\n", out);
    for (; *text != '\0'; text++) {
        if (begins && strspn(text, " ") >= indent)
            text += indent;
        (void)fputs(*text == '\\' ? "\\\\" : (char[]){*text, '\0'}, out);
        begins = *text == '\n';
    }
    (void)fputs("\n```\n", out);
}

void ipm_markdown_terms(FILE *out, const char *text) {
    char *copy = strdup(text);
    char *rest = copy;
    if (copy == NULL)
        abort();
    for (char *line = NULL; (line = strsep(&rest, "\n")) != NULL;) {
        const size_t indent = strspn(line, " ");
        const size_t word = indent > 2 ? 0 : strcspn(line + indent, " ");
        if (word > 0)
            (void)fprintf(out, "\n*%.*s*\n", (int)word, line + indent);
        line += indent + word;
        ipm_markdown_plain(out, line + strspn(line, " "), "\t");
    }
    free(copy);
}

/* Writes a block of code, of which the first line has been read, and reads all of it. */
static void markdown_fenced(FILE *out, char **rest) {
    const char *begin = *rest;
    char *end = strstr(begin, "\n```");
    if (end == NULL)
        return;
    *end = '\0';
    ipm_markdown_code(out, begin);
    *rest = end + strlen("\n```");
}

/* Whether a line begins a block of its own. */
static bool markdown_begins(const char *line) {
    size_t mark_bytes = 0;
    return line[0] == '\0' || line[0] == '#' || line[0] == '|' ||
           strncmp(line, "```", 3) == 0 || strncmp(line, "<!--", 4) == 0 ||
           markdown_item(line, &mark_bytes) != NULL;
}

void ipm_markdown_convert(FILE *out, char *text, bool nested,
                          void (*on_heading)(FILE *out, const char *words)) {
    struct markdown_block block = {0};
    size_t top = 0;          /* level of the first heading */
    unsigned rows = 0;       /* of the table so far */
    const char *head = NULL; /* its first one */
    bool skips = false;
    for (char *line = NULL; (line = strsep(&text, "\n")) != NULL;) {
        const size_t level = strspn(line, "#");
        rows = line[0] == '|' ? rows + 1 : 0;
        head = rows == 1 ? line : head;
        top = top > 0 ? top : level;
        if (markdown_begins(line))
            markdown_flush(out, &block);
        skips = line[0] != '\0' && (skips || strcmp(line, MARKDOWN_SKIP) == 0);
        if (skips || strncmp(line, "![", 2) == 0)
            continue; /* an image has no text */
        if (level > 0) {
            markdown_heading(out, line + level + 1, !nested && level <= top);
            on_heading(out, line + level + 1);
        } else if (strncmp(line, "```", 3) == 0) {
            markdown_fenced(out, &text);
        } else if (block.text == NULL && strncmp(line, "    ", 4) == 0) {
            ipm_markdown_code(out, line + 4);
        } else if (rows > 2) {
            markdown_row(out, head, line);
        } else if (line[0] == '\0') {
            (void)fputc('\n', out);
        } else if (rows == 0 && strncmp(line, "<!--", 4) != 0) {
            markdown_join(&block, line);
        }
    }
    markdown_flush(out, &block);
}
