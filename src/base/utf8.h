/* utf8.h - text of unknown origin: the name of a host, arguments, the contents of a file.
 * It must not be written to JSON or to a terminal as it is. */
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

/* Whether the character shows nothing itself and may change how others are shown: a control
 * character, a line separator, a mark of direction, or what Unicode calls ignorable, such as
 * a character without width or a tag. */
bool ipm_utf8_is_hidden(uint32_t point);

/* Bytes of the character at text (1 to 4, RFC 3629) and its code point. 0: the next byte
 * begins no valid character. Never looks behind the NUL. */
size_t ipm_utf8_decode(const char *text, uint32_t *ret_point);

/* Copies text into dst of `size` bytes (1 or more); each byte that is no UTF-8 becomes
 * U+FFFD. What does not fit is cut between two characters. */
void ipm_utf8_mend(char *dst, size_t size, const char *text);

/* How many bytes of text fit into `most` without splitting a character: half of one would
 * make a whole JSON document invalid. */
size_t ipm_utf8_fit(const char *text, size_t most);

#endif
