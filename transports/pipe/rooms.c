/* rooms.c - memory that is lent to a pipe page by page. Knows no pipe. */
#include "transports/pipe/rooms.h"

#include "base/err.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum { ROOMS_HUGE = 2 * 1024 * 1024 };

static size_t rooms_round(size_t bytes, size_t unit) {
    return (bytes + unit - 1) / unit * unit;
}

/* One half: when the next room no longer fits, at most a page less than the largest room is
 * left, so that as many pages as the pipe has places for have been given from this half. */
static bool rooms_measure(struct ipm_rooms *rooms, size_t call_bytes,
                          size_t capacity_bytes, size_t align) {
    if (call_bytes > SIZE_MAX / 8 || capacity_bytes > SIZE_MAX / 8)
        return false;
    rooms->call_bytes = rooms_round(call_bytes, IPM_ROOMS_PAGE);
    rooms->half_bytes =
        rooms->call_bytes + rooms_round(capacity_bytes, IPM_ROOMS_PAGE) - IPM_ROOMS_PAGE;
    rooms->bytes = 2 * rooms->half_bytes;
    rooms->map_bytes = rooms_round(rooms->bytes, align) + align;
    return true;
}

/* Touched by writing: a page that was never written is the one zero page of the system, and
 * what is lent would be always the same. MADV_HUGEPAGE is a wish. */
int ipm_rooms_init(struct ipm_rooms *rooms, size_t call_bytes, size_t capacity_bytes,
                   bool huge, struct ipm_err *err) {
    const size_t align = huge ? ROOMS_HUGE : IPM_ROOMS_PAGE;
    *rooms = (struct ipm_rooms){0};
    void *map = MAP_FAILED;
    if (rooms_measure(rooms, call_bytes, capacity_bytes, align))
        map = mmap(NULL, rooms->map_bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED) {
        *rooms = (struct ipm_rooms){0};
        return ipm_err_sys(err, -ENOMEM, "cannot make pages for calls of %zu bytes",
                           call_bytes);
    }
    const uintptr_t start = (uintptr_t)map;
    rooms->map = map;
    rooms->memory = (unsigned char *)map + (rooms_round(start, align) - start);
    if (huge)
        (void)madvise(rooms->memory, rooms->map_bytes - align, MADV_HUGEPAGE);
    memset(rooms->memory, 0, rooms->bytes);
    return 0;
}

void ipm_rooms_done(struct ipm_rooms *rooms) {
    if (rooms->map)
        (void)munmap(rooms->map, rooms->map_bytes);
    *rooms = (struct ipm_rooms){0};
}

unsigned char *ipm_rooms_next(struct ipm_rooms *rooms, size_t len) {
    if (rooms->at + len > rooms->half + rooms->half_bytes) {
        rooms->half = rooms->half == 0 ? rooms->half_bytes : 0;
        rooms->at = rooms->half;
    }
    return rooms->memory + rooms->at;
}
