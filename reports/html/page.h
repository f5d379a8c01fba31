/* page.h - the frame of a page (html/page.html) and the pieces that pages have in common. */
#ifndef IPM_REPORTS_HTML_PAGE_H
#define IPM_REPORTS_HTML_PAGE_H

#include "reports/common/clean.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct ipm_comparison;
struct ipm_tool;

/* Fills the place {{name}} of the frame. */
struct ipm_html_part {
    const char *name;
    void (*write)(FILE *out, void *context);
};

/* Writes the frame with its parts, the style sheet and the tool's name. The table ends
 * without a name; a place without a part stays empty. Returns 0 or a negative errno. */
int ipm_html_page(FILE *out, const struct ipm_html_part *parts, void *context,
                  const struct ipm_tool *tool, struct ipm_err *err);

/* Writes text of any origin, escaped for an element or an attribute in double quotes. */
void ipm_html_text(FILE *out, const char *text);

/* HTML(format, ...) writes to `out`: HTML in which the text of each %s is escaped; see
 * ipm_clean_print. */
#define HTML(...) ipm_clean_print(out, ipm_escapes_xml, __VA_ARGS__)

/* Writes the text, cut to `most` characters with an ellipsis as the last one. */
void ipm_html_short(FILE *out, const char *text, size_t most);

/* Returns the number of characters of the text, or `most` if that is less. */
size_t ipm_html_letters(const char *text, size_t most);

/* Opens a section with its heading; "</section>" closes it. */
void ipm_html_section_open(FILE *out, const char *id, const char *heading);

/* Begins a table that scrolls separately, up to its caption. `class`: "" for none. */
void ipm_html_table_begin(FILE *out, const char *id, const char *class,
                          const char *caption);

/* ipm_html_table_open(out, id, class, caption, column...) begins a table, with its head and its
 * body; NULL as the only column: the table has no head. In _of, the columns end with NULL. */
#define ipm_html_table_open(out, id, class, caption, ...)                                \
    ipm_html_table_open_of(out, id, class, caption,                                      \
                           (const char *const[]){__VA_ARGS__, NULL})
void ipm_html_table_open_of(FILE *out, const char *id, const char *class,
                            const char *caption, const char *const *columns);
void ipm_html_table_close(FILE *out);

/* Opens a row of that name; ipm_html_cells(out, text...) writes its cells and closes it. */
void ipm_html_row_open(FILE *out, const char *name);
#define ipm_html_cells(out, ...)                                                         \
    ipm_html_cells_of(out, (const char *const[]){__VA_ARGS__, NULL})
void ipm_html_cells_of(FILE *out, const char *const *texts);

/* A cell with a state, and an entry of the contents if it is wanted. */
void ipm_html_badge(FILE *out, const char *class, const char *words);
void ipm_html_link(FILE *out, bool wanted, const char *id, const char *words);

/* html/comparison_forest.c: writes a drawing for each metric with a row for each unchanged
 * result, or for each other one. `figures` counts the drawings of the page. */
void ipm_html_forests(FILE *out, const struct ipm_comparison *comparison, bool same,
                      size_t *figures);

/* The files of this folder, embedded. */
extern const char ipm_html_frame_text[];
extern const char ipm_html_style_text[];

#endif
