/* man.h - what is generated out of the tables: manual pages, and completions for shells. */
#ifndef IPM_MAN_MAN_H
#define IPM_MAN_MAN_H

#include <stdbool.h>
#include <stdio.h>

/* Writes all pages into the directory `output`, as NAME.SECTION.scd. `sources` is the
 * directory of the sources, `headers` that of the installed headers. Exits when a file cannot
 * be read or written. */
void ipm_manual_write(const char *sources, const char *headers, const char *output);

/* Writes the lines of `in`, a script for the shell that is named, and the table of options
 * in place of the line "@table". Returns 0, or -1: the shell is unknown. */
int ipm_completion_write(const char *shell, FILE *in, FILE *out);

/* Writes plain text, escaped, in lines that mandoc accepts, each after `indent`. */
void ipm_markdown_plain(FILE *out, const char *text, const char *indent);

/* Writes a text that is shown as it is, without the indentation of its first line. */
void ipm_markdown_code(FILE *out, const char *text);

/* Writes a list of terms: lines "  WORD  MEANING", and deeper lines that continue a meaning. */
void ipm_markdown_terms(FILE *out, const char *text);

/* Converts a text: headings, of which those of the first level that occurs become sections,
 * unless they are nested; paragraphs, lists of one level, tables as lists of terms, and blocks of
 * code. Calls
 * on_heading after each heading with its words; it may write to out. Leaves out what stands
 * between the line "<!-- not in the manual -->" and the next empty line. Changes text. */
void ipm_markdown_convert(FILE *out, char *text, bool nested,
                          void (*on_heading)(FILE *out, const char *words));

#endif
