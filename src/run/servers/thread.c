/* thread.c - a thread for each client, which blocks in its own recv. */
#include "run/process/worker.h"
#include "run/servers/server.h"
#include "run/servers/service.h"

#include <errno.h>
#include <stdlib.h>

static int thread_work(void *context) {
    struct ipm_service_channel *channel = context;
    int failed = ipm_service_work(channel);
    if (failed) /* other workers must not wait for messages that never come */
        atomic_store(&channel->service->cancelled, true);
    ipm_service_worker_done(channel->service);
    return failed;
}

static void thread_done(struct ipm_service *service) {
    struct ipm_worker *workers = service->own;
    for (unsigned i = 0; workers && i < service->channel_count; i++)
        ipm_worker_done(&workers[i]);
    free(workers);
    service->own = NULL;
}

static int thread_prepare(struct ipm_service *service, struct ipm_err *err) {
    int failed = 0;
    struct ipm_worker *workers = calloc(service->channel_count, sizeof *workers);
    if (!workers)
        return ipm_err_sys(err, -ENOMEM, "cannot allocate %u threads",
                           service->channel_count);
    service->own = workers;
    for (unsigned i = 0; i < service->channel_count && !failed; i++)
        failed = ipm_worker_start(&workers[i], thread_work, &service->channels[i], err);
    return failed;
}

static void thread_interrupt(struct ipm_service *service) {
    struct ipm_worker *workers = service->own;
    for (unsigned i = 0; i < service->channel_count; i++)
        ipm_worker_interrupt(&workers[i]);
}

/* Returns -ECANCELED after a worker has failed. */
static int thread_check(struct ipm_service *service) {
    return atomic_load(&service->cancelled) ? -ECANCELED : 0;
}

static int thread_serve(struct ipm_service *service) {
    struct ipm_worker *workers = service->own;
    atomic_store(&service->working, service->channel_count);
    for (unsigned i = 0; i < service->channel_count; i++)
        ipm_worker_go(&workers[i]);
    int failed = ipm_service_await(service, thread_interrupt, thread_check);
    for (unsigned i = 0; i < service->channel_count; i++) {
        int result = ipm_worker_join(&workers[i]);
        if (result && (!failed || failed == -ECANCELED))
            failed = result;
    }
    return failed;
}

const struct ipm_server ipm_server_thread = {
    .strategy = {.name = "thread", .clients_most = UINT64_MAX},
    .summary = "a thread for each client, blocking",
    .has_workers = true,
    .prepare = thread_prepare,
    .serve = thread_serve,
    .done = thread_done,
};
