/* strbuf.c - text in a buffer of fixed size: names, lists, messages. */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>

struct ipm_strbuf ipm_strbuf_over(char *at, size_t bytes) {
    at[0] = '\0';
    return (struct ipm_strbuf){.at = at, .bytes = bytes};
}

bool ipm_strbuf_add(struct ipm_strbuf *phrase, const char *format, ...) {
    if (phrase->used >= phrase->bytes)
        return false;
    va_list list;
    va_start(list, format);
    const size_t room = phrase->bytes - phrase->used;
    const int wanted = vsnprintf(phrase->at + phrase->used, room, format, list);
    va_end(list);
    if (wanted < 0 || (size_t)wanted >= room) {
        phrase->at[phrase->used] = '\0';
        return false;
    }
    phrase->used += (size_t)wanted;
    return true;
}
