/* markdown.h - text for scdoc(5), and the Markdown of this tree converted to it. */
#ifndef IPM_MAN_MARKDOWN_H
#define IPM_MAN_MARKDOWN_H

#include <stdio.h>

/* Writes plain text, escaped, in lines that mandoc accepts, each after `indent`. */
void ipm_markdown_plain(FILE *out, const char *text, const char *indent);

/* Writes a text that is shown as it is. */
void ipm_markdown_code(FILE *out, const char *text);

/* Converts a text: headings, of which those of the first level that occurs become sections;
 * paragraphs, lists of one level, tables without their head, and blocks of code. Calls
 * on_heading after each heading with its words; it may write to out. Leaves out what stands
 * between the line "<!-- not in the manual -->" and the next empty line. Changes text. */
void ipm_markdown_convert(FILE *out, char *text,
                          void (*on_heading)(FILE *out, const char *words));

#endif
