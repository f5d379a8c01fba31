/* page.h - the frame of a page (html/page.html), its style sheet, and text in it. Must
 * not know what the page is about: whoever fills it hands over a table of parts. */
#ifndef IPM_REPORTS_HTML_PAGE_H
#define IPM_REPORTS_HTML_PAGE_H

#include <stddef.h>
#include <stdio.h>

struct ipm_tool;

/* What stands in the place of {{name}}. */
struct ipm_html_part {
    const char *name;
    void (*write)(FILE *out, void *context);
};

/* Writes the frame with its parts; the table ends without a name. A place that no part has
 * stays empty. */
void ipm_html_page(FILE *out, const struct ipm_html_part *parts, void *context);

/* The style sheet, which every page has. */
void ipm_html_style(FILE *out);

/* Text of any origin as the content of an element or of an attribute in double quotes. */
void ipm_html_text(FILE *out, const char *text);

/* The same, cut to `most` characters, the last of which is then an ellipsis. */
void ipm_html_short(FILE *out, const char *text, size_t most);

/* The last line of a page. */
void ipm_html_made_by(FILE *out, const struct ipm_tool *tool);

/* The files of that folder, built in. */
extern const char ipm_html_frame_text[];
extern const char ipm_html_style_text[];

#endif
