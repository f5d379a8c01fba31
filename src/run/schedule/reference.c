/* reference.c - the reference measurements that need no child. */
#include "run/schedule/reference.h"

#include "base/clock.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { REFERENCE_NS = 3000000, REFERENCE_CALLS = 2000, REFERENCE_ALIGN = 4096 };

/* Keeps the compiler from dropping or hoisting a copy whose result nobody reads. */
static void reference_use(const void *memory) {
    __asm__ volatile("" : : "r"(memory) : "memory");
}

static uint64_t reference_copy(void *to, const void *from, size_t bytes, uint64_t times) {
    uint64_t begin_ns = ipm_clock_now_ns();
    for (uint64_t i = 0; i < times; i++) {
        memcpy(to, from, bytes);
        reference_use(to);
    }
    return ipm_clock_now_ns() - begin_ns;
}

/* Doubles the number of copies until they take long enough for the clock. */
static double reference_copy_rate(void *to, const void *from, size_t bytes) {
    uint64_t times = 1;
    uint64_t elapsed_ns = reference_copy(to, from, bytes, times);
    while (elapsed_ns < REFERENCE_NS) {
        times *= 2;
        elapsed_ns = reference_copy(to, from, bytes, times);
    }
    return (double)bytes * (double)times * 1e9 / (double)elapsed_ns;
}

double ipm_reference_memcpy(size_t bytes) {
    void *from = NULL;
    void *to = NULL;
    double rate = NAN;
    if (posix_memalign(&from, REFERENCE_ALIGN, bytes) != 0)
        from = NULL;
    if (posix_memalign(&to, REFERENCE_ALIGN, bytes) != 0)
        to = NULL;
    if (from && to) {
        memset(from, 0x5a, bytes);
        memset(to, 0xa5, bytes);
        rate = reference_copy_rate(to, from, bytes);
    }
    free(from);
    free(to);
    return rate;
}

double ipm_reference_syscall(void) {
    uint64_t begin_ns = ipm_clock_now_ns();
    for (int i = 0; i < REFERENCE_CALLS; i++)
        (void)syscall(SYS_getppid);
    return (double)(ipm_clock_now_ns() - begin_ns) / REFERENCE_CALLS;
}
