/* clean.h - text of unknown origin and numbers for formats that are read line by line or by
 * strict parsers. Must not know which format it is: a table of escapes tells. */
#ifndef IPM_CLEAN_H
#define IPM_CLEAN_H

#include <stdio.h>

/* What stands for a character in a format. A table ends with from '\0'. */
struct ipm_escape {
    char from;
    const char *to;
};

/* Writes text as UTF-8 of one line: bytes that are none, control characters, line separators
 * and what XML 1.0 forbids become U+FFFD. Those of the table are replaced, the rest stays. */
void ipm_clean_put(FILE *out, const char *text, const struct ipm_escape *escapes);

/* The shortest decimal from which the same double is read back. Finite values only. */
void ipm_clean_number(FILE *out, double value);

#endif
