/* clock.h - reads all times in the program.
 *
 * CLOCK_MONOTONIC is one clock for all processes of a machine (clock_gettime(2)), so
 * times read by the sender and the receiver may be subtracted. */
#ifndef IPM_BASE_CLOCK_H
#define IPM_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

enum { IPM_CLOCK_TEXT_BYTES = 32 };

/* Returns the nanoseconds of CLOCK_MONOTONIC. Never fails or blocks. */
uint64_t ipm_clock_now_ns(void);

/* Returns the nanoseconds of another clock, such as the CPU time of a thread. */
uint64_t ipm_clock_of_ns(clockid_t clock);

/* Converts nanoseconds for system calls. */
struct timespec ipm_clock_timespec(uint64_t ns);

/* Returns how long the machine has been suspended since boot, which CLOCK_MONOTONIC
 * excludes. It is exact to some microseconds, because two clocks are read in turn. */
uint64_t ipm_clock_asleep_ns(void);

/* Writes the wall clock as RFC 3339 UTC, "2026-11-23T21:05:07Z". */
void ipm_clock_wall_text(char text[IPM_CLOCK_TEXT_BYTES]);

#endif
