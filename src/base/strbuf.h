/* strbuf.h - builds text in the caller's memory, in pieces that fit as a whole or are
 * left out. */
#ifndef IPM_BASE_STRBUF_H
#define IPM_BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

struct ipm_strbuf {
    char *at; /* always NUL-terminated */
    size_t bytes;
    size_t used;
};

/* Returns an empty text in `bytes` (1 or more) at `at`. */
struct ipm_strbuf ipm_strbuf_over(char *at, size_t bytes);

/* Appends. Returns false and appends nothing if the text does not fit. */
__attribute__((format(printf, 2, 3))) bool ipm_strbuf_add(struct ipm_strbuf *phrase,
                                                          const char *format, ...);

#endif
