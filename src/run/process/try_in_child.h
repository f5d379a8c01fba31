/* try_in_child.h - calls code that may crash or hang in a child first, so that only the child is
 * lost. */
#ifndef IPM_RUN_PROCESS_TRY_IN_CHILD_H
#define IPM_RUN_PROCESS_TRY_IN_CHILD_H

struct ipm_err;

/* Called by act: says what is called next ("the probe of 'x'"), for the words of a crash. */
__attribute__((format(printf, 1, 2))) void ipm_try_in_child_next(const char *format, ...);

/* Runs act(context) in a child. What it leaves in memory is lost. Returns 0 when it came
 * back, whatever it found; or -ECHILD (a signal, an exit), -ETIMEDOUT (not within seconds),
 * -EINTR (the user wants an end), or what fork said, and words. */
int ipm_try_in_child(void (*act)(void *context), void *context, unsigned seconds,
                     struct ipm_err *err);

#endif
