/* fan.c - the life of a trial of many clients, as the server sees it. Knows no transport's
 * name, no server's, and no statistic. */
#include "run/trial/fan.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/usage.h"
#include "run/patterns/pattern.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"
#include "run/servers/server.h"
#include "run/trial/fan_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <unistd.h>

static int fan_make(struct ipm_fan *fan, struct ipm_err *err) {
    const struct ipm_trial_config *config = fan->config;
    fan->peers = calloc(fan->count, sizeof *fan->peers);
    if (!fan->peers)
        return ipm_err_sys(err, -ENOMEM, "cannot make room for %u clients", fan->count);
    for (unsigned i = 0; i < fan->count; i++)
        fan->peers[i].control[0] = fan->peers[i].control[1] = -1;
    void *latencies = mmap(NULL, fan->count * sizeof *fan->latencies,
                           PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (latencies == MAP_FAILED)
        return ipm_err_sys(err, -errno, "cannot share memory with %u clients",
                           fan->count);
    fan->latencies = latencies;
    if (pipe2(fan->gate, O_CLOEXEC) != 0)
        return ipm_err_sys(err, -errno, "cannot make a starting gate");
    return ipm_service_open(&fan->service, config, err);
}

static int fan_open_link(struct ipm_fan *fan, struct ipm_err *err) {
    const struct ipm_trial_config *config = fan->config;
    const bool answers = (config->pattern->kind.traits & IPM_TRAIT_TWO_WAY) != 0;
    fan->link = (struct ipm_link){
        .ops = config->transport,
        .config = {.peers = fan->count,
                   .flow = answers ? IPM_BOTH_WAYS : IPM_TO_PARENT,
                   .batch = (unsigned)config->settings->batch,
                   .message_bytes = ipm_trial_call_bytes(config),
                   .buffer_bytes = (size_t)config->settings->buffer_bytes,
                   .congestion = config->settings->congestion[0]
                                     ? config->settings->congestion
                                     : NULL,
                   .timeout_ms = (unsigned)(config->timeout_ns / 1000000 + 1)}};
    fan->link.state = calloc(1, config->transport->link_size + 1);
    if (!fan->link.state)
        return ipm_err_sys(err, -ENOMEM, "cannot make a link");
    fan->opened_ns = ipm_clock_now_ns();
    int failed = config->transport->open(&fan->link, err);
    if (failed)
        return ipm_err_set(err, failed, "cannot open '%s'", config->transport->name);
    fan->link_open = true;
    return 0;
}

static void fan_close_link(struct ipm_fan *fan) {
    if (fan->link_open)
        fan->link.ops->close(&fan->link, IPM_PARENT);
    fan->link_open = false;
}

/* Out of the way: select(2) knows only the low numbers, and clients need them more. */
static void fan_raise(int *fd) {
    const int high = fcntl(*fd, F_DUPFD_CLOEXEC, FD_SETSIZE);
    if (high < 0)
        return;
    (void)close(*fd);
    *fd = high;
}

static void fan_close(int *fd) {
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

static int fan_spawn_one(struct ipm_fan *fan, unsigned which, struct ipm_err *err) {
    struct ipm_fan_peer *peer = &fan->peers[which];
    struct ipm_fan_start start = {.fan = fan, .which = which};
    int failed = ipm_control_open(peer->control, err);
    if (failed)
        return failed;
    fan_raise(&peer->control[0]);
    failed = ipm_spawn(ipm_fan_client_live, &start, NULL, &peer->pid, err);
    fan_close(&peer->control[1]);
    fan->service->clients[which].pid = peer->pid;
    return failed;
}

static int fan_spawn_all(struct ipm_fan *fan, struct ipm_err *err) {
    int failed = 0;
    ipm_stop_watch_all();
    for (unsigned i = 0; i < fan->count && !failed; i++)
        failed = fan_spawn_one(fan, i, err);
    fan_close(&fan->gate[0]);
    return failed;
}

static int fan_await_all(struct ipm_fan *fan, enum ipm_control_kind kind,
                         struct ipm_err *err) {
    struct ipm_control_message message;
    int failed = 0;
    for (unsigned i = 0; i < fan->count && !failed; i++) {
        failed = ipm_fan_await(fan, i, kind, fan->deadline_ns, &message, err);
        if (!failed && kind == IPM_CONTROL_RESULT)
            fan->peers[i].window = message.as.window;
    }
    return failed;
}

static int fan_meet(struct ipm_fan *fan, struct ipm_err *err) {
    fan->phase = "while attaching";
    int failed = ipm_service_attach(fan->service, &fan->link, err);
    if (!failed)
        failed = fan_await_all(fan, IPM_CONTROL_ATTACHED, err);
    if (failed)
        return failed;
    fan->attached_ns = ipm_clock_now_ns();
    fan_close_link(fan);
    return 0;
}

static int fan_prepare(struct ipm_fan *fan, struct ipm_usage *before,
                       struct ipm_err *err) {
    const struct ipm_trial_config *config = fan->config;
    const struct ipm_endpoint *end = &fan->service->channels[0].end;
    fan->phase = "before the window";
    int failed = config->settings->receiver_cpu < 0
                     ? 0
                     : ipm_usage_pin((int)config->settings->receiver_cpu, err);
    if (!failed)
        failed = config->server->prepare(fan->service, err);
    if (!failed)
        failed = fan_await_all(fan, IPM_CONTROL_READY, err);
    if (failed)
        return failed;
    end->ops->describe(end, &fan->server.endpoint, &fan->server.settings);
    if ((end->ops->caps & IPM_CAP_IN_PLACE) != 0) /* as ipm_pump_describe */
        ipm_facts_text(&fan->server.settings, "access", "copy");
    ipm_service_begin_wire(fan->service);
    ipm_usage_reset_peak();
    ipm_usage_read_proc(before);
    return 0;
}

/* One that went before it was done: how, is seen when it is reaped. */
static int fan_look_for_gone(const struct ipm_fan *fan, struct ipm_err *err) {
    for (unsigned i = 0; i < fan->count; i++)
        if (fan->service->clients[i].gone)
            return ipm_err_set(err, -EPIPE, "client %u left before it was done", i);
    return 0;
}

static int fan_serve(struct ipm_fan *fan, struct ipm_usage *before, struct ipm_err *err) {
    struct ipm_service *service = fan->service;
    struct ipm_usage after = {0};
    fan->phase = "in the window";
    ipm_usage_read_times(before);
    fan_close(&fan->gate[1]); /* all start */
    int failed = fan->config->server->serve(service);
    ipm_usage_read_times(&after);
    fan->server.wire_known = ipm_service_end_wire(service, &fan->server.wire);
    fan->server.usage = after;
    if (failed && service->err.code)
        *err = service->err;
    if (failed)
        return ipm_err_sys(err, failed, "cannot serve");
    return fan_look_for_gone(fan, err);
}

static int fan_say_done(struct ipm_fan *fan, unsigned which) {
    const struct ipm_control_message done = {
        .kind = IPM_CONTROL_DONE,
        .as.sent_messages = fan->service->clients[which].sent.messages};
    return ipm_control_send(fan->peers[which].control[0], &done);
}

static int fan_measure(struct ipm_fan *fan, struct ipm_err *err) {
    struct ipm_usage before = {0};
    int failed = fan_prepare(fan, &before, err);
    if (!failed)
        failed = fan_serve(fan, &before, err);
    for (unsigned i = 0; i < fan->count && !failed; i++)
        failed = fan_say_done(fan, i);
    if (!failed)
        failed = fan_await_all(fan, IPM_CONTROL_RESULT, err);
    ipm_usage_read_proc(&fan->server.usage);
    fan->server.usage = ipm_usage_delta(&before, &fan->server.usage);
    fan->config->server->done(fan->service);
    return failed;
}

/* They have nothing left to do but to end: their ends of the channels close. */
static int fan_await_exits(struct ipm_fan *fan, struct ipm_err *err) {
    struct ipm_control_message message;
    fan->phase = "after the window";
    for (unsigned i = 0; i < fan->count; i++) {
        int failed =
            ipm_fan_await(fan, i, IPM_CONTROL_RESULT, fan->deadline_ns, &message, err);
        if (failed != -EPIPE)
            return failed ? failed : -EPROTO;
    }
    return 0;
}

static int fan_live(struct ipm_fan *fan, struct ipm_err *err) {
    struct ipm_err seen = {0};
    int failed = fan_make(fan, err);
    if (!failed)
        failed = fan_open_link(fan, err);
    if (failed)
        return failed;
    failed = fan_spawn_all(fan, &seen);
    if (!failed)
        failed = fan_meet(fan, &seen);
    if (!failed)
        failed = fan_measure(fan, &seen);
    if (!failed)
        failed = fan_await_exits(fan, &seen);
    return ipm_fan_reap(fan, failed, &seen, err);
}

static void fan_done(struct ipm_fan *fan) {
    fan_close_link(fan);
    if (fan->service)
        fan->config->server->done(fan->service);
    ipm_service_close(fan->service);
    free(fan->link.state);
    for (unsigned i = 0; fan->peers && i < fan->count; i++) {
        fan_close(&fan->peers[i].control[0]);
        fan_close(&fan->peers[i].control[1]);
    }
    fan_close(&fan->gate[0]);
    fan_close(&fan->gate[1]);
    if (fan->latencies)
        (void)munmap(fan->latencies, fan->count * sizeof *fan->latencies);
    free(fan->peers);
}

int ipm_fan_run(const struct ipm_trial_config *config, struct ipm_sample *ret_sample,
                struct ipm_trial_facts *ret_facts, struct ipm_err *err) {
    struct ipm_fan fan = {.config = config,
                          .count = (unsigned)config->settings->clients,
                          .gate = {-1, -1},
                          .deadline_ns = ipm_clock_now_ns() + config->timeout_ns,
                          .phase = "while attaching"};
    int cpus[IPM_CPUS_MOST];
    int cpu_count = config->settings->receiver_cpu < 0 ? 0 : ipm_usage_allowed_cpus(cpus);
    (void)ipm_limits_raise_descriptors(); /* where that is too few, some call says so */
    ipm_stop_arm(config->timeout_ns);
    int failed = fan_live(&fan, err);
    if (cpu_count > 0)
        ipm_usage_unpin(cpus, cpu_count);
    if (!failed)
        failed = ipm_fan_tell(&fan, ret_sample, ret_facts, err);
    fan_done(&fan);
    ipm_stop_disarm();
    return failed;
}
