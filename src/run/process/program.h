/* program.h - another program, run to its end; what it says is kept. */
#ifndef IPM_RUN_PROCESS_PROGRAM_H
#define IPM_RUN_PROCESS_PROGRAM_H

#include <stdio.h>

struct ipm_err;

/* How it ended, and what it said: to be read from the start. */
struct ipm_said {
    int status; /* as wait(2) gives it */
    FILE *out;
    FILE *err;
};

/* Runs argv, found by PATH, with standard input at its end, as a process group of its own: when
 * the user wants an end (stop.h) or the program has ended, nothing of it is left behind. Returns
 * 0, -EINTR (stopped by the user), or a negative errno and words: argv cannot be run, it was
 * stopped (SIGTTIN of one that reads the terminal), or it printed more than 256 MiB.
 * ipm_said_done afterwards, also on error. */
int ipm_program_run(char *const argv[], struct ipm_said *ret_said, struct ipm_err *err);
void ipm_said_done(struct ipm_said *said);

#endif
