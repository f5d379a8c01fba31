/* null_call.h - a system call that does nothing, which shows how fast a CPU is just now. */
#ifndef IPM_BASE_NULL_CALL_H
#define IPM_BASE_NULL_CALL_H

/* Makes so many calls of getppid(2), by syscall(2), and returns the nanoseconds of one. */
double ipm_null_call_ns(unsigned calls);

#endif
