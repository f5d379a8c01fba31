/* strbuf.h - text that is built in the caller's memory, in pieces that fit whole or are
 * left out. */
#ifndef IPM_BASE_STRBUF_H
#define IPM_BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

struct ipm_strbuf {
    char *at; /* always ends in NUL */
    size_t bytes;
    size_t used;
};

/* An empty text in `bytes` (1 or more) at `at`. */
struct ipm_strbuf ipm_strbuf_over(char *at, size_t bytes);

/* Appends. What does not fit whole is left out; then it returns false. */
__attribute__((format(printf, 2, 3))) bool ipm_strbuf_add(struct ipm_strbuf *phrase,
                                                          const char *format, ...);

#endif
