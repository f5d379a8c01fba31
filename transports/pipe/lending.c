/* lending.c - memory whose pages are given to a pipe. */
#include "transports/pipe/lending.h"

#include "base/err.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum { LENDING_HUGE = 2 * 1024 * 1024 };

static size_t lending_round(size_t bytes, size_t unit) {
    return (bytes + unit - 1) / unit * unit;
}

/* When the next call no longer fits a half, at most a page less than a call is unused, so as many
 * pages as the pipe has slots have been given from this half. */
static bool lending_measure(struct ipm_lending *lending, size_t call_bytes,
                            size_t capacity_bytes, size_t align) {
    if (call_bytes > SIZE_MAX / 8 || capacity_bytes > SIZE_MAX / 8)
        return false;
    lending->call_bytes = lending_round(call_bytes, IPM_LENDING_PAGE);
    lending->half_bytes = lending->call_bytes +
                          lending_round(capacity_bytes, IPM_LENDING_PAGE) -
                          IPM_LENDING_PAGE;
    lending->bytes = 2 * lending->half_bytes;
    lending->map_bytes = lending_round(lending->bytes, align) + align;
    return true;
}

/* The pages are written to: one that never was is the zero page of the system, the same for all.
 * MADV_HUGEPAGE may be ignored by the kernel. */
int ipm_lending_init(struct ipm_lending *lending, size_t call_bytes,
                     size_t capacity_bytes, bool huge, struct ipm_err *err) {
    const size_t align = huge ? LENDING_HUGE : IPM_LENDING_PAGE;
    *lending = (struct ipm_lending){0};
    void *map = MAP_FAILED;
    if (lending_measure(lending, call_bytes, capacity_bytes, align))
        map = mmap(NULL, lending->map_bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED) {
        *lending = (struct ipm_lending){0};
        return ipm_err_sys(err, -ENOMEM, "cannot make pages for calls of %zu bytes",
                           call_bytes);
    }
    const uintptr_t start = (uintptr_t)map;
    lending->map = map;
    lending->memory = (unsigned char *)map + (lending_round(start, align) - start);
    if (huge)
        (void)madvise(lending->memory, lending->map_bytes - align, MADV_HUGEPAGE);
    memset(lending->memory, 0, lending->bytes);
    return 0;
}

void ipm_lending_done(struct ipm_lending *lending) {
    if (lending->map)
        (void)munmap(lending->map, lending->map_bytes);
    *lending = (struct ipm_lending){0};
}

unsigned char *ipm_lending_next(struct ipm_lending *lending) {
    lending->at = lending_round(lending->at, IPM_LENDING_PAGE);
    if (lending->at + lending->call_bytes > lending->half + lending->half_bytes) {
        lending->half = lending->half == 0 ? lending->half_bytes : 0;
        lending->at = lending->half;
    }
    return lending->memory + lending->at;
}
