/* beside.h - a program that runs beside a run, as its load. */
#ifndef IPM_RUN_PROCESS_BESIDE_H
#define IPM_RUN_PROCESS_BESIDE_H

#include <sys/types.h>

struct ipm_err;

struct ipm_beside {
    pid_t keeper; /* 0: none */
    int life;     /* its end tells the keeper that this process is done, or dead */
    unsigned own; /* children that this process has had before */
    int adopts;   /* whether it had been a subreaper: prctl(2) */
};

/* Runs argv, found by PATH, without input and output, as a process group of its own, which a
 * keeper process ends when ipm_beside_stop is called or this process dies in any way. Returns
 * 0 or a negative errno: argv cannot be run. */
int ipm_beside_start(struct ipm_beside *ret_beside, char *const argv[],
                     struct ipm_err *err);

/* Ends the process group. Returns 0, or -ECHILD where the program had ended before. Accepts a
 * zeroed struct. */
int ipm_beside_stop(struct ipm_beside *beside, struct ipm_err *err);

#endif
