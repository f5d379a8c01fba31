/* clean.h - writes text of unknown origin and numbers for strict parsers. */
#ifndef IPM_REPORTS_COMMON_CLEAN_H
#define IPM_REPORTS_COMMON_CLEAN_H

#include <stdio.h>

struct ipm_err;
struct ipm_report;

/* The replacement of a character. A table ends with from '\0'. */
struct ipm_escape {
    char from;
    const char *to;
};

/* For attributes and text in XML; for Markdown, where a comment prevents that '@name'
 * notifies a user. */
extern const struct ipm_escape ipm_escapes_xml[];
extern const struct ipm_escape ipm_escapes_markdown[];

/* Writes text as UTF-8 in one line: invalid bytes and hidden characters (base/utf8.h), among
 * which is what XML 1.0 forbids, become U+FFFD. Characters of the table are replaced. */
void ipm_clean_put(FILE *out, const char *text, const struct ipm_escape *escapes);

/* Like fprintf(3), but each text of "%s" is written as by ipm_clean_put. Other conversions: %d,
 * %zu, %f with or without a precision, and %%. */
__attribute__((format(printf, 3, 4))) void
ipm_clean_print(FILE *out, const struct ipm_escape *escapes, const char *format, ...);

/* Writes the shortest decimal that is read back as the same double. Finite values only. */
void ipm_clean_number(FILE *out, double value);

/* Ends a document that is named `document` in messages: returns 0, or a negative errno and fills
 * err when writing to `out` failed. errno must be 0 when the writing begins. */
int ipm_clean_end(FILE *out, const char *document, struct ipm_err *err);

/* Returns why the run ended early, or NULL: formats whose rows are tests have a test for it. */
const char *ipm_report_ending(const struct ipm_report *report);

#endif
