/* surroundings.h - protects the process from changes that the code of a plugin may make to it. */
#ifndef IPM_RUN_PROCESS_SURROUNDINGS_H
#define IPM_RUN_PROCESS_SURROUNDINGS_H

#include <sys/types.h>

struct ipm_err;

struct ipm_surroundings {
    int folder; /* -1: it cannot be opened */
    mode_t mask;
};

/* Saves the working directory and the file mask. Until ipm_surroundings_restore, exit(3) in this
 * process prints a message and ends it with status 1. */
struct ipm_surroundings ipm_surroundings_keep(void);

/* Puts them back, and the locale, and forgets them. */
void ipm_surroundings_restore(struct ipm_surroundings *surroundings);

/* Called before the first plugin is loaded: further threads are of plugins. */
void ipm_surroundings_count_threads(void);

/* Refuses threads that a plugin left; without plugins there are none. They would take CPU time
 * from what is measured, and be counted as its own. Returns 0, or -EBUSY after a moment in which
 * they did not end. */
int ipm_surroundings_check_threads(struct ipm_err *err);

#endif
