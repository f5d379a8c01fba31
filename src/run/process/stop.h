/* stop.h - the stop flag: the only global of the program that changes.
 *
 * The first SIGINT, SIGTERM, SIGHUP, SIGQUIT or SIGXCPU sets it; a second one, more
 * than 200 ms later, ends the process at once. The first one ends it too, with status
 * 128+N, when the result is not being written after 5 s, or when the writing makes no
 * progress for 3 s. The watchdog of a trial sets its own bit by SIGALRM, and the death
 * of a child another by SIGCHLD, so that nobody waits for that child forever. Handlers
 * are installed without SA_RESTART, so that a blocked send or recv returns EINTR. */
#ifndef IPM_RUN_PROCESS_STOP_H
#define IPM_RUN_PROCESS_STOP_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

/* Non-zero: every loop must return. It is atomic, because the threads of a trial read
 * what a handler on the main thread sets, and lock-free, so that a handler may set it. */
extern atomic_int ipm_stop_flag;

/* Installs the handlers, unblocks their signals and ignores SIGPIPE. Called once, before
 * the first trial: without a handler for SIGALRM the watchdog would end the process. */
void ipm_stop_install(void);

/* Installs them again, with the alarm of the watchdog, if they have been installed: a plugin may
 * have changed the handlers, the mask and the timer. Arming does the same. */
void ipm_stop_reclaim(void);

/* Called when only the result is left to write. The first signal no longer interrupts
 * a blocked write from now on. No process may be forked afterwards. */
void ipm_stop_settle(void);

/* Returns the signal that the user sent, or 0. */
int ipm_stop_signal(void);

/* Called in the child of a trial. Ignores what a terminal sends to the whole job,
 * because the parent decides, and resets SIGTERM to its default. */
void ipm_stop_disown(void);

/* Called after that in a child that runs a trial itself: SIGTERM sets the stop flag again, so that
 * nothing of the trial is left when its parent ends it. */
void ipm_stop_obey(void);

/* Called after one thread of a trial failed: the other threads return as well. Arming
 * or disarming the watchdog undoes it. */
void ipm_stop_threads(void);

/* Watches for the death of this child. Called with signals blocked, just after fork. */
void ipm_stop_watch(pid_t child);

/* Watch for the death of any child of a trial with many. A death does not set the stop
 * flag, because the others continue. It interrupts blocking calls (EINTR, repeated
 * every 20 ms until disarmed), and ipm_stop_child_died returns non-zero once. */
void ipm_stop_watch_all(void);
int ipm_stop_child_died(void);

/* The watchdog sends SIGALRM after timeout_ns and every 20 ms until disarmed. It
 * counts running time: SIGCONT after a stop starts the timeout again. Disarming also
 * clears its bit of the flag. It is not inherited by fork (setitimer(2)). */
void ipm_stop_arm(uint64_t timeout_ns);
void ipm_stop_disarm(void);
int ipm_stop_expired(void);

/* Returns how often this process was continued after a stop (SIGCONT) or the machine
 * was suspended so far, counted from an arbitrary start. A measurement during which
 * the number changes contains other time than running time. A child continues the
 * count of its parent. */
uint64_t ipm_stop_pauses(void);

/* Repeats SIGALRM with that period until disarmed, also before the watchdog expires,
 * so that a call that may wait forever returns EINTR. */
void ipm_stop_tick(unsigned period_us);

/* Whether the user or the watchdog wants to stop. The death of a child does not count,
 * because its last message may still be in the control channel. */
int ipm_stop_wanted(void);

#endif
