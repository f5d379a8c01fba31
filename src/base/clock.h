/* clock.h - the only reader of time in the program.
 *
 * CLOCK_MONOTONIC is one clock for all processes of a machine (clock_gettime(2)), so a
 * time read by the sender and one read by the receiver may be subtracted. */
#ifndef IPM_BASE_CLOCK_H
#define IPM_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

enum { IPM_CLOCK_TEXT_BYTES = 32 };

/* Nanoseconds on CLOCK_MONOTONIC. Never fails, never blocks. */
uint64_t ipm_clock_now_ns(void);

/* Nanoseconds on another clock, such as the CPU time of a thread. */
uint64_t ipm_clock_of_ns(clockid_t clock);

/* As system calls take a time. */
struct timespec ipm_clock_timespec(uint64_t ns);

/* How long the machine has been suspended since it was booted, which CLOCK_MONOTONIC leaves
 * out. The two clocks are read one after the other: exact to some microseconds. */
uint64_t ipm_clock_asleep_ns(void);

/* The wall clock as RFC 3339 UTC, "2026-11-23T21:05:07Z". */
void ipm_clock_wall_text(char text[IPM_CLOCK_TEXT_BYTES]);

#endif
