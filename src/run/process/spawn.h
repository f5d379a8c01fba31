/* spawn.h - one more process, which dies with the one that made it. */
#ifndef IPM_RUN_PROCESS_SPAWN_H
#define IPM_RUN_PROCESS_SPAWN_H

#include <sys/types.h>

struct ipm_err;

/* What limits the number of processes and threads (EAGAIN of fork(2)), and how to raise it. */
#define IPM_SPAWN_LIMIT                                                                  \
    "RLIMIT_NPROC ('ulimit -u') or pids.max of the cgroup limits the number of "         \
    "processes "                                                                         \
    "and threads"

/* Forks. The child runs live(context) and leaves with what it returns as its status, by
 * _exit, coverage flushed first; it leaves the user's signals to its parent
 * (ipm_stop_disown).
 * `born`, when it is not NULL, is called in the parent before any signal comes: to watch
 * the child. Returns 0 or a negative errno. */
int ipm_spawn(int (*live)(void *context), void *context, void (*born)(pid_t child),
              pid_t *ret_pid, struct ipm_err *err);

/* Starts another program, found by PATH, as the leader of a process group, with standard
 * input at its end and standard output and error there. Signals are as at the start of any
 * program. Returns 0 or a negative errno and words, when it cannot be run. */
int ipm_spawn_program(char *const argv[], int out, int err_out, pid_t *ret_pid,
                      struct ipm_err *err);

/* In the child: closes every descriptor above 2 but those in `kept`, which it sorts. -1
 * among them is passed over. */
void ipm_spawn_keep_only(int *kept, unsigned count);

/* Whether the child has ended by itself; the signal by which it is stopped (SIGSTOP), or 0. It
 * stays to be reaped. */
int ipm_spawn_has_ended(pid_t pid);
int ipm_spawn_is_stopped(pid_t pid);

/* Waits for the end of a child, which stays to be reaped, or until the user or the watchdog
 * wants an end. Returns whether the child has ended. */
int ipm_spawn_await(pid_t pid);

/* Waits for the end of a child and reaps it; returns its status as wait(2) gives it. When
 * the user or the watchdog wants an end, it is killed. */
int ipm_spawn_reap(pid_t pid);

#endif
