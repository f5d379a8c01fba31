/* program.h - runs another program to its end and stores its output. */
#ifndef IPM_RUN_PROCESS_PROGRAM_H
#define IPM_RUN_PROCESS_PROGRAM_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct ipm_err;

/* How a program ended, and its output, to be read from the start. */
struct ipm_said {
    int status; /* as wait(2) gives it */
    FILE *out;
    FILE *err;
};

/* Runs argv, found by PATH, with empty standard input, as a process group of its own.
 * When the user wants to stop (stop.h) or the program has ended, none of its processes
 * is left. Returns 0, -EINTR (stopped by the user), or a negative errno: argv cannot
 * be run, the program was stopped (SIGTTIN of one that reads the terminal), or it
 * printed more than 256 MiB. Call ipm_said_done afterwards, also on error. */
int ipm_program_run(char *const argv[], struct ipm_said *ret_said, struct ipm_err *err);
/* The same with a limit of time: -ETIMEDOUT, and the program is ended, after most_ns. */
int ipm_program_run_for(char *const argv[], uint64_t most_ns, struct ipm_said *ret_said,
                        struct ipm_err *err);

/* Returns a file in memory to write and read, or NULL with errno. */
FILE *ipm_program_file(const char *name);

void ipm_said_done(struct ipm_said *said);

/* Ends a program of ipm_spawn_program and all processes of its group, and reaps it: asks first,
 * and kills after two seconds. Returns its status as wait(2) gives it. */
int ipm_program_end(pid_t child);

#endif
