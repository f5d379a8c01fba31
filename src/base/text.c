/* text.c - cutting text where a character ends. Must not know what the text is for. */
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

enum { TEXT_TAIL_MOST = 3 }; /* bytes of a UTF-8 character behind its first, utf-8(7) */

static bool text_is_tail(char byte) {
    return ((unsigned char)byte & 0xC0U) == 0x80U;
}

size_t ipm_text_fit(const char *text, size_t most) {
    size_t length = strnlen(text, most + 1);
    if (length <= most)
        return length;
    for (size_t back = 0; back <= TEXT_TAIL_MOST && back <= most; back++)
        if (!text_is_tail(text[most - back]))
            return most - back;
    return most; /* not UTF-8: any byte is as good a place to cut */
}
