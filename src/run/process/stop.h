/* stop.h - the stop flag: the only global of the program that changes.
 *
 * The first SIGINT, SIGTERM, SIGHUP, SIGQUIT or SIGXCPU sets it; a second one, more than 200 ms
 * later, ends the process at once. So does the first one, with status 128+N, when the result is
 * not being written after 5 s, or when the writing makes no progress for 3 s. The watchdog of a
 * trial sets its own bit by SIGALRM, and the death of a child one by SIGCHLD: whoever waits for
 * that child must not wait for ever. Handlers are installed without SA_RESTART, so that a
 * blocked send or recv comes back with EINTR. */
#ifndef IPM_RUN_PROCESS_STOP_H
#define IPM_RUN_PROCESS_STOP_H

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

/* Non-zero: leave the loop you are in. Atomic, because the threads of a trial look at what
 * a handler on the main one sets: lock-free, so that it may. */
extern atomic_int ipm_stop_flag;

/* Installs the handlers, unblocks their signals and ignores SIGPIPE. Once, before the first
 * trial. A handler for SIGALRM must be there before a watchdog is armed, or the alarm ends the
 * process. */
void ipm_stop_install(void);

/* When only the result is left to write: from now on the first signal no longer breaks a blocked
 * write in two. No process may be made any more. */
void ipm_stop_settle(void);

/* The signal that the user sent, or 0. */
int ipm_stop_signal(void);

/* For the child of a trial: what a terminal sends to the whole job is ignored (the parent
 * decides), SIGTERM is as by default. */
void ipm_stop_disown(void);

/* After a failure of one thread of a trial: the others leave their loops, too. Undone by
 * arming or disarming the watchdog. */
void ipm_stop_threads(void);

/* Whose death is to be noticed; with signals blocked, just after fork. */
void ipm_stop_watch(pid_t child);

/* Of a trial with many children: the death of any of them is to be noticed. It does not set
 * the stop flag, because the others go on: it breaks blocking calls off (EINTR, until
 * disarmed every 20 ms), and ipm_stop_child_died tells, once, that there is one to be looked
 * for. */
void ipm_stop_watch_all(void);
int ipm_stop_child_died(void);

/* The watchdog: after timeout_ns, SIGALRM comes every 20 ms until disarmed. It counts running
 * time: SIGCONT, after the process was stopped, begins it anew. Disarming also takes its bit
 * out of the flag. Not inherited by fork (setitimer(2)). */
void ipm_stop_arm(uint64_t timeout_ns);
void ipm_stop_disarm(void);
int ipm_stop_expired(void);

/* How often this process was continued after a stop (SIGCONT) or the machine was suspended so
 * far: what a measurement takes while the number changes is no running time. Starts anywhere;
 * a child goes on from the number of its parent. */
uint64_t ipm_stop_pauses(void);

/* From now on until disarmed, SIGALRM comes that often, also before the watchdog's time: a call
 * that waits for something that may never come returns EINTR. */
void ipm_stop_tick(unsigned period_us);

/* Whether the user or the watchdog wants an end: what a dying child sets is left out,
 * because its last words may still be in the control channel. */
int ipm_stop_wanted(void);

#endif
