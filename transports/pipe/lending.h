/* lending.h - pages that are lent to a pipe: vmsplice(2).
 *
 * A page lent to a pipe stays shared with it until the reader has taken it, and no call tells
 * when that was. It is certain once more pages than the pipe has places for have been lent
 * after it. So there are two halves, used in turn, each of which has room for more pages than
 * that before it is full: nothing is written to a page that is not yet read. */
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
    size_t call_bytes; /* of a place, in whole pages */
    size_t half;       /* where the half in use begins */
    size_t at;         /* behind the last byte lent */
    size_t map_bytes;
    void *map;
};

/* For places of `call_bytes`, lent to a pipe of that capacity; on huge pages where the system
 * has them and `huge` wants them. Returns 0 or -ENOMEM. */
int ipm_lending_init(struct ipm_lending *lending, size_t call_bytes,
                     size_t capacity_bytes, bool huge, struct ipm_err *err);

/* Safe on a zeroed struct, and twice. */
void ipm_lending_done(struct ipm_lending *lending);

/* Hot. The next place, page-aligned: the same one until some of it is lent. */
unsigned char *ipm_lending_next(struct ipm_lending *lending);

#endif
