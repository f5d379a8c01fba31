/* worker.h - a second thread inside a trial, created and parked before the window,
 * started in it.
 *
 * It blocks all signals except the one that interrupts it, so that the watchdog's and
 * the user's signals reach the main thread, which forwards them. */
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
    sem_t ended;           /* work has returned: pthread_join(3) does not wait long */
    atomic_bool cancelled; /* it must return without working */
    atomic_bool done;
    bool started;
    int result;
};

enum { IPM_WORKER_SIGNAL = SIGUSR1 };

/* Installs the handler of IPM_WORKER_SIGNAL: a blocking call returns EINTR.
 * ipm_worker_start calls it; a process that is interrupted by kill(2) calls it itself. */
void ipm_worker_handle_signal(void);

/* Creates a thread that waits for ipm_worker_go. The struct must not move until it is
 * joined. Returns 0 or a negative errno. */
int ipm_worker_start(struct ipm_worker *worker, int (*work)(void *), void *context,
                     struct ipm_err *err);

/* Hot. Starts its work with one futex(2) call. */
void ipm_worker_go(struct ipm_worker *worker);

/* Waits until work has returned. While the stop flag is set, interrupts its blocking
 * call repeatedly. Returns the result of work. */
int ipm_worker_join(struct ipm_worker *worker);

/* Whether work has returned. */
bool ipm_worker_is_done(struct ipm_worker *worker);

/* Interrupts its blocking call with EINTR. Does nothing if there is none. */
void ipm_worker_interrupt(struct ipm_worker *worker);

/* Joins a thread that was not started. Safe on a zeroed struct and after join. */
void ipm_worker_done(struct ipm_worker *worker);

#endif
