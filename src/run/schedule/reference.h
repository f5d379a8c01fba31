/* reference.h - the reference measurements: what this machine does when no transport is
 * involved, so that a reader can divide the machine out. Each call takes a few milliseconds. */
#ifndef IPM_RUN_SCHEDULE_REFERENCE_H
#define IPM_RUN_SCHEDULE_REFERENCE_H

#include <stddef.h>

/* Bytes per second of memcpy(3) from one buffer of that size to another. Allocates twice
 * the size; NaN when it cannot. */
double ipm_reference_memcpy(size_t bytes);

/* Nanoseconds of a system call that does nothing: getppid(2) by syscall(2). */
double ipm_reference_syscall(void);

/* Nanoseconds in which a word goes from one CPU to another and back through the memory that they
 * share: between the first two that this process may use. NaN where there is only one, or no
 * process, or where the CPUs are busy. A virtual machine whose CPUs are moved shows it here.
 * Forks and waits for the child, a second at most where ipm_stop_install has been called, whose
 * timer it uses: there must be no trial. Leaves no thread behind. */
double ipm_reference_core_to_core(void);

#endif
