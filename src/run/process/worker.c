/* worker.c - a second thread inside a trial. */
#include "run/process/worker.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/libc.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"

#include <errno.h>
#include <time.h>

enum { WORKER_STACK_BYTES = 128 * 1024, WORKER_LOOK_NS = 10000000 };

static void worker_wake(int number) {
    (void)number;
}

/* The handler is installed without SA_RESTART, so that a blocking call returns EINTR. */
void ipm_worker_handle_signal(void) {
    const struct sigaction action = {.sa_handler = worker_wake};
    (void)sigaction(IPM_WORKER_SIGNAL, &action, NULL); /* fails only for a bad number */
}

static void *worker_run(void *context) {
    struct ipm_worker *worker = context;
    sigset_t wake;
    (void)sigemptyset(&wake);
    (void)sigaddset(&wake, IPM_WORKER_SIGNAL);
    (void)pthread_sigmask(SIG_UNBLOCK, &wake, NULL);
    while (sem_wait(&worker->start) != 0)
        continue;
    if (!atomic_load(&worker->cancelled))
        worker->result = worker->work(worker->context);
    atomic_store(&worker->done, true);
    (void)sem_post(&worker->ended);
    return NULL;
}

/* All signals are blocked meanwhile: the new thread inherits the mask, then unblocks
 * its own signal. */
static int worker_create(struct ipm_worker *worker) {
    sigset_t all;
    sigset_t before;
    pthread_attr_t attributes;
    int failed = pthread_attr_init(&attributes);
    if (failed)
        return -failed;
    (void)pthread_attr_setstacksize(&attributes, WORKER_STACK_BYTES);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &before);
    failed = pthread_create(&worker->thread, &attributes, worker_run, worker);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attributes);
    return -failed;
}

int ipm_worker_start(struct ipm_worker *worker, int (*work)(void *), void *context,
                     struct ipm_err *err) {
    *worker = (struct ipm_worker){.work = work, .context = context};
    if (sem_init(&worker->start, 0, 0) != 0 || sem_init(&worker->ended, 0, 0) != 0)
        return ipm_err_sys(err, -errno, "cannot make a semaphore");
    ipm_worker_handle_signal();
    int failed = worker_create(worker);
    if (failed == -EAGAIN)
        ipm_err_limit(err, IPM_SPAWN_LIMIT);
    if (failed) {
        (void)sem_destroy(&worker->start);
        (void)sem_destroy(&worker->ended);
        return ipm_err_sys(err, failed, "cannot make a thread");
    }
    worker->started = true;
    return 0;
}

void ipm_worker_go(struct ipm_worker *worker) {
    (void)sem_post(&worker->start);
}

bool ipm_worker_is_done(struct ipm_worker *worker) {
    return atomic_load(&worker->done);
}

void ipm_worker_interrupt(struct ipm_worker *worker) {
    if (!atomic_load(&worker->done))
        (void)pthread_kill(worker->thread, IPM_WORKER_SIGNAL);
}

static bool worker_await(struct ipm_worker *worker) {
    const struct timespec until = ipm_clock_timespec(ipm_clock_now_ns() + WORKER_LOOK_NS);
    return sem_clockwait(&worker->ended, CLOCK_MONOTONIC, &until) == 0;
}

int ipm_worker_join(struct ipm_worker *worker) {
    while (!worker_await(worker))
        if (ipm_stop_flag)
            ipm_worker_interrupt(worker);
    (void)pthread_join(worker->thread, NULL);
    (void)sem_destroy(&worker->start);
    (void)sem_destroy(&worker->ended);
    worker->started = false;
    return worker->result;
}

void ipm_worker_done(struct ipm_worker *worker) {
    if (!worker->started)
        return;
    atomic_store(&worker->cancelled, true);
    ipm_worker_go(worker);
    (void)ipm_worker_join(worker);
}
