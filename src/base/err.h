/* err.h - one failure, in the words of the function that detected it.
 *
 * The struct has a fixed size and is in the caller's memory, so it can be sent over a
 * socket to another process as it is. The first failure wins: setting an error that is
 * already set changes nothing, so cleanup code may report without hiding the cause.
 * Nothing here allocates, prints or fails. */
#ifndef IPM_BASE_ERR_H
#define IPM_BASE_ERR_H

#include <stddef.h>

enum { IPM_ERR_TEXT_BYTES = 384, IPM_ERR_HINT_BYTES = 256 };

struct ipm_err {
    int code; /* negative errno; 0 while nothing has failed */
    char
        text[IPM_ERR_TEXT_BYTES]; /* "cannot open 'x': Permission denied", no full stop */
    char hint[IPM_ERR_HINT_BYTES]; /* what to do about it, or empty */
    int is_limit; /* non-zero: a limit of this machine, which the hint names */
};

/* Sets code (a negative errno) and words. Returns the code, so that
 * `return ipm_err_set(err, -EINVAL, ...)` reads as one thought. err may be NULL. */
__attribute__((format(printf, 3, 4))) int ipm_err_set(struct ipm_err *err, int code,
                                                      const char *format, ...);

/* The same, with errno's words for code appended after ": ". */
__attribute__((format(printf, 3, 4))) int ipm_err_sys(struct ipm_err *err, int code,
                                                      const char *format, ...);

/* Adds the hint line; the first one wins. */
__attribute__((format(printf, 2, 3))) void ipm_err_hint(struct ipm_err *err,
                                                        const char *format, ...);

/* The same for a limit of this machine: the hint names it and how to raise it. A case that meets
 * it is skipped, not failed. */
__attribute__((format(printf, 2, 3))) void ipm_err_limit(struct ipm_err *err,
                                                         const char *format, ...);

/* Writes the text, and the hint in parentheses where there is one: the reason of a row of a
 * report. */
void ipm_err_reason(const struct ipm_err *err, char *ret_reason, size_t bytes);

/* Puts words and ": " in front of an error already set. Returns its code. */
__attribute__((format(printf, 2, 3))) int ipm_err_wrap(struct ipm_err *err,
                                                       const char *format, ...);

#endif
