/* reference.h - the reference measurements: the speed of this machine without a
 * transport, so that reports of different machines can be compared. Each call takes a
 * few milliseconds. */
#ifndef IPM_RUN_SCHEDULE_REFERENCE_H
#define IPM_RUN_SCHEDULE_REFERENCE_H

#include <stddef.h>

/* Returns the bytes per second of memcpy(3) of a message, between two buffers of its size, or of
 * 128 MiB where it is larger. NaN where there is no memory for them. */
double ipm_reference_memcpy(size_t message_bytes);

/* Returns the nanoseconds of a system call that does nothing: getppid(2) by
 * syscall(2). */
double ipm_reference_syscall(void);

/* Returns the nanoseconds in which a word travels from one CPU to another and back
 * through shared memory, between the first two CPUs that this process may use. NaN where
 * there is only one, fork fails, or the CPUs are busy. It shows when a virtual machine's
 * CPUs are migrated.
 *
 * Forks and waits for the child, for at most a second where ipm_stop_install has been
 * called, whose timer it uses; no trial may be running. Leaves no thread behind. */
double ipm_reference_core_to_core(void);

/* Returns the nanoseconds from one process to another on the first CPU that this process may use:
 * a wake-up and a context switch, without the system calls that cause them. NaN where fork or a pipe
 * fails, or noise leaves nothing. Forks and waits as above. */
double ipm_reference_context_switch(void);

#endif
