/* err.h - one failure, described by the function that detected it.
 *
 * The struct has a fixed size and no pointers, so it can be sent over a socket to another
 * process. The first failure wins: setting an error that is already set changes nothing,
 * so cleanup code may report without hiding the cause. Nothing here allocates, prints or
 * fails. */
#ifndef IPM_BASE_ERR_H
#define IPM_BASE_ERR_H

#include <stddef.h>

enum { IPM_ERR_TEXT_BYTES = 384, IPM_ERR_HINT_BYTES = 256 };

struct ipm_err {
    int code;                      /* negative errno; 0 while nothing has failed */
    char text[IPM_ERR_TEXT_BYTES]; /* "cannot open 'x': Permission denied" */
    char hint[IPM_ERR_HINT_BYTES]; /* what to do about it, or empty */
    int is_limit; /* non-zero: a limit of this machine, named by the hint */
};

/* The hint on EPERM and ENOSYS of a system call that needs no rights. */
#define IPM_ERR_FORBIDDEN                                                                \
    "this kernel, or a container's filter of system calls, does not allow it"

/* The hint on a call that finds every port of an address in use. */
#define IPM_ERR_PORTS                                                                    \
    "net.ipv4.ip_local_port_range has too few free ports: 'sysctl -w "                   \
    "net.ipv4.ip_local_port_range=\"1024 65535\"' allows more"

/* Sets code (a negative errno) and text. Returns the code, for `return ipm_err_set(...)`.
 * err may be NULL. */
__attribute__((format(printf, 3, 4))) int ipm_err_set(struct ipm_err *err, int code,
                                                      const char *format, ...);

/* The same, with ": " and the text of the errno appended. Names the limit of a process that
 * the errno stands for, unless there is a hint already. */
__attribute__((format(printf, 3, 4))) int ipm_err_sys(struct ipm_err *err, int code,
                                                      const char *format, ...);

/* Sets the hint line; the first one wins. */
__attribute__((format(printf, 2, 3))) void ipm_err_hint(struct ipm_err *err,
                                                        const char *format, ...);

/* Refuses an input: sets -EINVAL, the text and a hint, which is no format. */
__attribute__((format(printf, 3, 4))) int
ipm_err_refuse(struct ipm_err *err, const char *hint, const char *format, ...);

/* The same as ipm_err_hint for a limit of this machine: the hint names it and how to raise
 * it. A case that reaches it is skipped instead of failed. */
__attribute__((format(printf, 2, 3))) void ipm_err_limit(struct ipm_err *err,
                                                         const char *format, ...);

/* Writes the text and, in parentheses, the hint if there is one: the reason of a row of a
 * report. */
void ipm_err_reason(const struct ipm_err *err, char *ret_reason, size_t bytes);

/* Puts a prefix and ": " in front of an error already set. Returns its code. */
__attribute__((format(printf, 2, 3))) int ipm_err_wrap(struct ipm_err *err,
                                                       const char *format, ...);

#endif
