/* process.c - a process for each client, which blocks in its own recv. The processes
 * are forked before the window and end after it. */
#include "run/process/spawn.h"
#include "run/process/stop.h"
#include "run/process/worker.h"
#include "run/servers/server.h"
#include "run/servers/service.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESS_PAGE_BYTES = 4096, PROCESS_FDS = 4 + IPM_ENDPOINT_OTHER_FDS };

/* Two pipes that nobody writes to: the end-of-file of one starts the workers, that of
 * the other lets them exit. */
struct process_own {
    int go[2];
    int leave[2];
    pid_t pids[]; /* by channel; 0: not forked */
};

/* The argument of a worker, filled by the parent just before fork. */
struct process_start {
    struct process_own *own;
    struct ipm_service_channel *channel;
};

/* Touches memory, because a page that another process has touched still costs this one
 * a page fault. */
static void process_touch(const void *memory, size_t bytes) {
    const volatile unsigned char *page = memory;
    for (size_t at = 0; at < bytes; at += PROCESS_PAGE_BYTES)
        (void)page[at];
}

static void process_settle(struct ipm_service_channel *channel, struct process_own *own) {
    const struct ipm_service *service = channel->service;
    const struct ipm_endpoint *end = &channel->end;
    int kept[PROCESS_FDS] = {own->go[0], own->leave[0], end->rx_fd, end->tx_fd};
    memcpy(kept + 4, end->other_fds, end->other_count * sizeof *kept);
    ipm_worker_handle_signal();
    ipm_spawn_keep_only(kept, 4 + end->other_count);
    process_touch(channel->buf, service->buf_bytes);
    process_touch(channel, sizeof *channel);
    if (channel->maker) {
        process_touch(channel->maker, sizeof *channel->maker);
        process_touch(channel->maker->buf, channel->maker->frame_bytes);
    }
    process_touch(channel->client, sizeof *channel->client);
    if (channel->client->checker)
        process_touch(channel->client->checker, sizeof *channel->client->checker);
}

static int process_live(void *context) {
    const struct process_start *start = context;
    struct ipm_service_channel *channel = start->channel;
    struct ipm_service *service = channel->service;
    const int leave = start->own->leave[0];
    struct ipm_usage before = {0};
    struct ipm_usage after = {0};
    process_settle(channel, start->own);
    ipm_usage_reset_peak();
    ipm_usage_read_proc(&before);
    ipm_service_worker_done(service); /* ready */
    channel->result = ipm_spawn_await_eof(start->own->go[0]);
    if (channel->result)
        return 1;
    const uint64_t pauses = ipm_stop_pauses();
    ipm_usage_read_times(&before);
    channel->result = ipm_service_work(channel);
    ipm_usage_read_times(&after);
    channel->stopped = ipm_stop_pauses() != pauses;
    if (channel->result)
        atomic_store(&service->cancelled, true);
    ipm_service_worker_done(service);
    const int failed = ipm_spawn_await_eof(leave);
    if (failed) {
        channel->result = failed;
        return 1;
    }
    ipm_usage_read_proc(&after);
    channel->usage = ipm_usage_delta(&before, &after);
    /* The counters of the server count the processes that it starts, too. */
    memset(channel->usage.counted, 0, sizeof channel->usage.counted);
    return 0;
}

static void process_shut(int fds[2]) {
    for (int i = 0; i < 2; i++) {
        if (fds[i] >= 0)
            (void)close(fds[i]);
        fds[i] = -1;
    }
}

/* Workers that have not finished are killed. */
static void process_done(struct ipm_service *service) {
    struct process_own *own = service->own;
    const bool orderly = atomic_load(&service->working) == 0;
    if (!own)
        return;
    process_shut(own->go);
    process_shut(own->leave);
    for (unsigned i = 0; i < service->channel_count; i++)
        if (own->pids[i] > 0 && !orderly)
            (void)kill(own->pids[i], SIGKILL);
    for (unsigned i = 0; i < service->channel_count; i++)
        if (own->pids[i] > 0)
            (void)ipm_spawn_reap(own->pids[i]);
    free(own);
    service->own = NULL;
}

static struct process_own *process_make(unsigned workers) {
    struct process_own *own = calloc(1, sizeof *own + workers * sizeof own->pids[0]);
    if (!own)
        return NULL;
    for (int i = 0; i < 2; i++)
        own->go[i] = own->leave[i] = -1;
    return own;
}

static void process_interrupt(struct ipm_service *service) {
    const struct process_own *own = service->own;
    for (unsigned i = 0; i < service->channel_count; i++)
        if (own->pids[i] > 0)
            (void)kill(own->pids[i], IPM_WORKER_SIGNAL);
}

static int process_failure(struct ipm_service *service, unsigned which) {
    struct process_own *own = service->own;
    const int status = ipm_spawn_reap(own->pids[which]);
    const int result = service->channels[which].result;
    own->pids[which] = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 1 && result)
        return ipm_err_set(&service->err, -ECHILD,
                           "server process %u cannot wait for the server: %s", which,
                           strerror(-result));
    if (WIFSIGNALED(status))
        return ipm_err_set(&service->err, -ECHILD,
                           "server process %u was killed by signal %d (%s)", which,
                           WTERMSIG(status), strsignal(WTERMSIG(status)));
    return ipm_err_set(&service->err, -ECHILD, "server process %u exited with status %d",
                       which, WEXITSTATUS(status));
}

/* No worker ends before `leave` is closed. One that is stopped (SIGSTOP) may continue,
 * and is waited for until the user or the watchdog ends the trial. */
static int process_check(struct ipm_service *service) {
    const struct process_own *own = service->own;
    for (unsigned i = 0; i < service->channel_count; i++) {
        const pid_t pid = own->pids[i];
        if (pid > 0 && ipm_spawn_has_ended(pid))
            return process_failure(service, i);
        if (pid > 0 && ipm_stop_wanted() && ipm_spawn_is_stopped(pid))
            return ipm_err_set(&service->err, -ECHILD, "server process %u is stopped", i);
    }
    return atomic_load(&service->cancelled) ? -ECANCELED : 0;
}

static void process_interrupt_nobody(struct ipm_service *service) {
    (void)service;
}

static int process_spawn_all(struct ipm_service *service, struct ipm_err *err) {
    struct process_own *own = service->own;
    int failed = 0;
    for (unsigned i = 0; i < service->channel_count && !failed; i++) {
        struct process_start start = {.own = own, .channel = &service->channels[i]};
        failed = ipm_spawn(process_live, &start, NULL, &own->pids[i], err);
    }
    return failed;
}

static int process_prepare(struct ipm_service *service, struct ipm_err *err) {
    struct process_own *own = process_make(service->channel_count);
    int failed = 0;
    service->own = own;
    service->apart = true;
    if (!own)
        return ipm_err_sys(err, -ENOMEM, "cannot allocate %u processes",
                           service->channel_count);
    if (!failed && (pipe2(own->go, O_CLOEXEC) != 0 || pipe2(own->leave, O_CLOEXEC) != 0))
        failed = ipm_err_sys(err, -errno, "cannot make a pipe");
    atomic_store(&service->working, service->channel_count);
    if (!failed)
        failed = process_spawn_all(service, err);
    if (failed)
        return failed;
    failed = ipm_service_await(service, process_interrupt_nobody, process_check);
    if (!failed)
        atomic_store(&service->working, service->channel_count);
    return failed ? ipm_err_sys(err, failed, "cannot start the server's processes") : 0;
}

static int process_serve(struct ipm_service *service) {
    struct process_own *own = service->own;
    (void)close(own->go[1]);
    own->go[1] = -1;
    int failed = ipm_service_await(service, process_interrupt, process_check);
    for (unsigned i = 0; i < service->channel_count; i++)
        if (service->channels[i].result && (!failed || failed == -ECANCELED))
            failed = service->channels[i].result;
    return failed;
}

const struct ipm_server ipm_server_process = {
    .strategy = {.name = "process", .clients_most = UINT64_MAX},
    .summary = "a process for each client, blocking",
    .has_workers = true,
    .prepare = process_prepare,
    .serve = process_serve,
    .done = process_done,
};
