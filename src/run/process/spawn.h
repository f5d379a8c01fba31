/* spawn.h - starts a process that dies with its parent. */
#ifndef IPM_RUN_PROCESS_SPAWN_H
#define IPM_RUN_PROCESS_SPAWN_H

#include <sys/types.h>

struct ipm_err;

/* What limits the number of processes and threads (EAGAIN of fork(2)), and how to raise it. */
#define IPM_SPAWN_LIMIT                                                                  \
    "RLIMIT_NPROC ('ulimit -u') or pids.max of the cgroup limits the number of "         \
    "processes and threads"

/* Forks. The child runs live(context) and exits with its return value as status, by
 * _exit, with coverage flushed; it leaves the user's signals to its parent
 * (ipm_stop_disown). `born`, when not NULL, is called in the parent before any signal
 * is delivered, in order to watch the child. Returns 0 or a negative errno. */
int ipm_spawn(int (*live)(void *context), void *context, void (*born)(pid_t child),
              pid_t *ret_pid, struct ipm_err *err);

/* Starts another program, found by PATH, as the leader of a process group, with empty
 * standard input and its output and errors written to `out` and `err_out`. Its signals
 * have their defaults. Returns 0, or a negative errno when it cannot be run. */
int ipm_spawn_program(char *const argv[], int out, int err_out, pid_t *ret_pid,
                      struct ipm_err *err);

/* Whether ipm_spawn_program would find the program and may execute it, without starting it.
 * Returns 0 or the same negative errno and reason. */
int ipm_spawn_check(const char *name, struct ipm_err *err);

/* Called in the child. Closes every descriptor above 2 except those in `kept`, which
 * it sorts. A -1 in it is ignored. */
void ipm_spawn_keep_only(int *kept, unsigned count);

/* Return whether the child has ended by itself, and the signal by which it is stopped
 * (SIGSTOP), or 0. The child is not reaped. */
int ipm_spawn_has_ended(pid_t pid);
int ipm_spawn_is_stopped(pid_t pid);

/* Waits until the other end of a pipe to which nobody writes is closed. Returns 0 or a negative
 * errno of read(2), never -EINTR. */
int ipm_spawn_await_eof(int fd);

/* Waits for the end of a child without reaping it, or until the user or the watchdog
 * wants to stop. Returns whether the child has ended. */
int ipm_spawn_await(pid_t pid);

/* Waits for the end of a child and reaps it. Kills it when the user or the watchdog
 * wants to stop. Returns its status as wait(2) gives it. */
int ipm_spawn_reap(pid_t pid);

#endif
