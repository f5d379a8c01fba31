/* lending.h - memory whose pages are given to a pipe by vmsplice(2).
 *
 * The pipe refers to such a page until the reader has consumed it, and no call tells when that is.
 * It is certain after more pages have been given than the pipe has slots. So two halves are used
 * in turn, each of more pages than that: no page is written to before it is read. */
#ifndef IPM_TRANSPORTS_PIPE_LENDING_H
#define IPM_TRANSPORTS_PIPE_LENDING_H

#include <stdbool.h>
#include <stddef.h>

struct ipm_err;

enum { IPM_LENDING_PAGE = 4096 };

struct ipm_lending {
    unsigned char *memory; /* both halves; its pages all touched, and zero */
    size_t bytes;
    size_t half_bytes;
    size_t call_bytes; /* of a slot, in whole pages */
    size_t half;       /* where the half in use begins */
    size_t at;         /* after the last byte that was given */
    size_t map_bytes;
    void *map;
};

/* Allocates for calls of `call_bytes` and a pipe of that capacity; with `huge` on huge pages where
 * the system has them. Returns 0 or -ENOMEM. */
int ipm_lending_init(struct ipm_lending *lending, size_t call_bytes,
                     size_t capacity_bytes, bool huge, struct ipm_err *err);

/* Safe on a zeroed struct, and twice. */
void ipm_lending_done(struct ipm_lending *lending);

/* Hot. Where the next call writes, page-aligned: the same until some of it was given. */
unsigned char *ipm_lending_next(struct ipm_lending *lending);

#endif
