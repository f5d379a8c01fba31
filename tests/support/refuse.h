/* refuse.h - a machine on which a system call is refused, as a container or an old kernel does
 * it: seccomp(2). For this process and its children, until they end. */
#ifndef IPM_REFUSE_H
#define IPM_REFUSE_H

/* The call of that number (SYS_...) fails with error_number from now on. Skips the test where
 * no filter may be set. */
void ipm_refuse(long call, int error_number);

#endif
