/* rooms.h - memory that is lent to a pipe page by page: vmsplice(2).
 *
 * A page given to a pipe stays shared with it until the reader has taken it, and nobody says
 * when that was. It is known all the same once more pages than the pipe has places for have
 * been given after it. So there are two halves, used in turn: each has room for more pages
 * than that before it is full. Who has read is thus never asked, and nothing is written to
 * that is not yet read. */
#ifndef IPM_TRANSPORTS_PIPE_ROOMS_H
#define IPM_TRANSPORTS_PIPE_ROOMS_H

#include <stdbool.h>
#include <stddef.h>

struct ipm_err;

enum { IPM_ROOMS_PAGE = 4096 };

struct ipm_rooms {
    unsigned char *memory; /* both halves; its pages all touched, and zero */
    size_t bytes;
    size_t half_bytes;
    size_t call_bytes; /* of the largest room */
    size_t half;       /* where the half in use begins */
    size_t at;         /* behind the last page given */
    size_t map_bytes;
    void *map;
};

/* For rooms of `call_bytes` at most, given to a pipe of that capacity; on huge pages where
 * the system has them and `huge` wants them. Returns 0 or -ENOMEM. */
int ipm_rooms_init(struct ipm_rooms *rooms, size_t call_bytes, size_t capacity_bytes,
                   bool huge, struct ipm_err *err);

/* Safe on a zeroed struct, and twice. */
void ipm_rooms_done(struct ipm_rooms *rooms);

/* Hot. The next `len` bytes, page-aligned: the same ones until some of them are given. */
unsigned char *ipm_rooms_next(struct ipm_rooms *rooms, size_t len);

/* Hot. The pages up to here have been given, or will be before the next room is asked for. */
static inline void ipm_rooms_give(struct ipm_rooms *rooms, const unsigned char *end) {
    const size_t given = (size_t)(end - rooms->memory);
    rooms->at = (given + IPM_ROOMS_PAGE - 1) & ~((size_t)IPM_ROOMS_PAGE - 1);
}

/* Whether it is one of these pages. */
static inline bool ipm_rooms_hold(const struct ipm_rooms *rooms, const void *buf) {
    const unsigned char *byte = buf;
    return byte >= rooms->memory && byte < rooms->memory + rooms->bytes;
}

#endif
