/* libc.h - the functions of glibc that another libc (musl) has not. With glibc it only
 * includes the headers that declare them. */
#ifndef IPM_BASE_LIBC_H
#define IPM_BASE_LIBC_H

#include "base/clock.h"

#include <semaphore.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef __GLIBC__

#include <linux/stat.h>
#include <sys/syscall.h>

/* Only glibc's strerror(3) may allocate. */
static inline const char *strerrordesc_np(int number) {
    return strerror(number);
}

static inline int close_range(unsigned first, unsigned last, int flags) {
    return (int)syscall(SYS_close_range, first, last, flags);
}

static inline int statx(int folder, const char *path, int flags, unsigned mask,
                        struct statx *status) {
    return (int)syscall(SYS_statx, folder, path, flags, mask, status);
}

/* Waits by the wall clock: when that is set back during the wait, the wait takes longer. */
static inline int sem_clockwait(sem_t *semaphore, clockid_t clock,
                                const struct timespec *until) {
    const uint64_t second_ns = 1000000000;
    const uint64_t until_ns =
        (uint64_t)until->tv_sec * second_ns + (uint64_t)until->tv_nsec;
    const uint64_t now_ns = ipm_clock_of_ns(clock);
    const uint64_t left_ns = until_ns > now_ns ? until_ns - now_ns : 0;
    const struct timespec wall =
        ipm_clock_timespec(ipm_clock_of_ns(CLOCK_REALTIME) + left_ns);
    return sem_timedwait(semaphore, &wall);
}

#endif

#endif
