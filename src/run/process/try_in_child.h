/* try_in_child.h - calls code that may crash or hang in a child first, so that only
 * the child is lost. */
#ifndef IPM_RUN_PROCESS_TRY_IN_CHILD_H
#define IPM_RUN_PROCESS_TRY_IN_CHILD_H

struct ipm_err;

/* Called by act before each step; names the step ("the probe of 'x'") for the message
 * of a crash. */
__attribute__((format(printf, 1, 2))) void ipm_try_in_child_next(const char *format, ...);

/* Called by act, which goes on, when it found what must be refused. */
void ipm_try_in_child_refuse(const struct ipm_err *err);

/* Runs act(context) in a child, whose changes to memory are lost. Returns 0 when act
 * returned and refused nothing; the error that it refused; -ECHILD (a signal, an exit), -ETIMEDOUT (no return
 * within `seconds`), -EINTR (the user wants to stop), or the errno of fork. */
int ipm_try_in_child(void (*act)(void *context), void *context, unsigned seconds,
                     struct ipm_err *err);

#endif
