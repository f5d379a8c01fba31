/* worker.h - one more thread inside a trial: made and parked before the window, let go in it.
 *
 * All signals are blocked in it but the one that rouses it, so that the watchdog and the
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
    sem_t gate;
    sem_t ended;           /* its work has: pthread_join(3) will not wait long */
    atomic_bool cancelled; /* let go with nothing to do */
    atomic_bool done;
    bool started;
    int result;
};

enum { IPM_WORKER_SIGNAL = SIGUSR1 };

/* Handles the signal that rouses: a blocking call comes back with EINTR. ipm_worker_start does
 * it; for who is roused by kill(2) and is no thread. */
void ipm_worker_listen(void);

/* Makes a thread that waits at the gate. The struct must not move until it is joined.
 * Returns 0 or a negative errno. */
int ipm_worker_start(struct ipm_worker *hand, int (*work)(void *), void *context,
                     struct ipm_err *err);

/* Lets it work. Hot: one futex(2) call. */
void ipm_worker_go(struct ipm_worker *hand);

/* Waits for the end of its work, and when the stop flag is set rouses it out of a blocking
 * call, again and again. Returns what work returned. */
int ipm_worker_join(struct ipm_worker *hand);

/* Whether its work has ended. */
bool ipm_worker_is_done(struct ipm_worker *hand);

/* Interrupts its blocking call, if it is in one: EINTR. Harmless otherwise. */
void ipm_worker_rouse(struct ipm_worker *hand);

/* Sends it home: joins one that was never let go. Safe on a zeroed struct, and after join. */
void ipm_worker_done(struct ipm_worker *hand);

#endif
