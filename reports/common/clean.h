/* clean.h - text of unknown origin and numbers for formats that are read line by line or by
 * strict parsers. Knows no format but for what it must escape. */
#ifndef IPM_REPORTS_COMMON_CLEAN_H
#define IPM_REPORTS_COMMON_CLEAN_H

#include <stdio.h>

/* What stands for a character in a format. A table ends with from '\0'. */
struct ipm_escape {
    char from;
    const char *to;
};

/* Of attributes and text in XML; of Markdown, where a comment keeps '@name' from calling
 * somebody. */
extern const struct ipm_escape ipm_escapes_xml[];
extern const struct ipm_escape ipm_escapes_markdown[];

/* Writes text as UTF-8 of one line: bytes that are none, control characters, line separators
 * and what XML 1.0 forbids become U+FFFD. Those of the table are replaced, the rest stays. */
void ipm_clean_put(FILE *out, const char *text, const struct ipm_escape *escapes);

/* Writes the format as it is, and texts of unknown origin in the places of "%s", which is the
 * only conversion. */
__attribute__((format(printf, 3, 4))) void
ipm_clean_print(FILE *out, const struct ipm_escape *escapes, const char *format, ...);

/* The shortest decimal from which the same double is read back. Finite values only. */
void ipm_clean_number(FILE *out, double value);

#endif
