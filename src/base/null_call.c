/* null_call.c - a system call that does nothing. */
#include "base/null_call.h"

#include "base/clock.h"

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

double ipm_null_call_ns(unsigned calls) {
    const uint64_t begin_ns = ipm_clock_now_ns();
    for (unsigned i = 0; i < calls; i++)
        (void)syscall(SYS_getppid);
    return (double)(ipm_clock_now_ns() - begin_ns) / calls;
}
