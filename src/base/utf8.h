/* utf8.h - text of unknown origin (host names, arguments, file contents), which must not
 * be written to JSON or a terminal unchanged. */
#ifndef IPM_BASE_UTF8_H
#define IPM_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ipm_utf8_range {
    uint32_t first;
    uint32_t last;
};

bool ipm_utf8_is_within(const struct ipm_utf8_range *ranges, size_t count,
                        uint32_t point);

/* Whether the character is invisible and may change how others are shown: a control
 * character, a line separator, a direction mark, or one that Unicode calls ignorable,
 * such as a zero-width character or a tag. */
bool ipm_utf8_is_hidden(uint32_t point);

/* Returns the bytes of the character at text (1 to 4, RFC 3629) and its code point, or 0
 * if the next byte begins no valid character. Never reads beyond the NUL. */
size_t ipm_utf8_decode(const char *text, uint32_t *ret_point);

/* Copies text into dst of `size` bytes (1 or more). Each byte that is not UTF-8 becomes
 * U+FFFD. Text that does not fit is cut between two characters. */
void ipm_utf8_mend(char *dst, size_t size, const char *text);

/* Returns how many bytes of text fit into `most` without splitting a character; half a
 * character would make a whole JSON document invalid. */
size_t ipm_utf8_fit(const char *text, size_t most);

#endif
