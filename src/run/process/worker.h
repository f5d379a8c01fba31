/* worker.h - one more thread inside a trial: made and parked before the window, started in it.
 *
 * All signals are blocked in it but the one that interrupts it, so that the watchdog and the
 * user's wish reach the main thread, which passes them on. */
#ifndef IPM_RUN_PROCESS_WORKER_H
#define IPM_RUN_PROCESS_WORKER_H

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

struct ipm_err;

struct ipm_worker {
    int (*work)(void *context);
    void *context;
    pthread_t thread;
    sem_t start;
    sem_t ended;           /* its work has: pthread_join(3) will not wait long */
    atomic_bool cancelled; /* started with nothing to do */
    atomic_bool done;
    bool started;
    int result;
};

enum { IPM_WORKER_SIGNAL = SIGUSR1 };

/* Handles that signal: a blocking call comes back with EINTR. ipm_worker_start does
 * it; for a process that is interrupted by kill(2). */
void ipm_worker_handle_signal(void);

/* Makes a thread that waits for ipm_worker_go. The struct must not move until it is joined.
 * Returns 0 or a negative errno. */
int ipm_worker_start(struct ipm_worker *worker, int (*work)(void *), void *context,
                     struct ipm_err *err);

/* Starts its work. Hot: one futex(2) call. */
void ipm_worker_go(struct ipm_worker *worker);

/* Waits for the end of its work, and when the stop flag is set interrupts its blocking
 * call, again and again. Returns what work returned. */
int ipm_worker_join(struct ipm_worker *worker);

/* Whether its work has ended. */
bool ipm_worker_is_done(struct ipm_worker *worker);

/* Interrupts its blocking call, if it is in one: EINTR. Harmless otherwise. */
void ipm_worker_interrupt(struct ipm_worker *worker);

/* Joins a thread that was never started. Safe on a zeroed struct, and after join. */
void ipm_worker_done(struct ipm_worker *worker);

#endif
