/* executor.c - the executor that measures on the real machine. */
#include "base/clock.h"
#include "base/err.h"
#include "run/process/stop.h"
#include "run/process/surroundings.h"
#include "run/schedule/reference.h"
#include "run/schedule/runner.h"
#include "run/trial/trial.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { EXECUTOR_OPEN_MS = 1000 };

static int executor_trial(void *context, const struct ipm_trial_config *config,
                          struct ipm_sample *ret_sample,
                          struct ipm_trial_facts *ret_facts, struct ipm_err *err) {
    (void)context;
    return config->settings->pairs > 1
               ? ipm_pairs_run(config, ret_sample, ret_facts, err)
               : ipm_trial_run(config, ret_sample, ret_facts, err);
}

static double executor_memcpy_rate(void *context, uint64_t bytes) {
    (void)context;
    return ipm_reference_memcpy((size_t)bytes);
}

static double executor_syscall_ns(void *context) {
    (void)context;
    return ipm_reference_syscall();
}

static double executor_core_to_core_ns(void *context) {
    (void)context;
    return ipm_reference_core_to_core();
}

static double executor_context_switch_ns(void *context) {
    (void)context;
    return ipm_reference_context_switch();
}

static int executor_stopped(void *context) {
    (void)context;
    return ipm_stop_signal() != 0;
}

static uint64_t executor_pauses(void *context) {
    (void)context;
    return ipm_stop_pauses();
}

static struct ipm_throttle executor_throttle(void *context) {
    (void)context;
    return ipm_cgroup_throttle("");
}

static struct ipm_cpu_ticks executor_ticks(void *context) {
    (void)context;
    return ipm_activity_ticks("");
}

static void executor_steal(void *context, struct ipm_cpu_steal *ret_steal) {
    (void)context;
    ipm_activity_steal("", ret_steal);
}

static uint64_t executor_now_ns(void *context) {
    (void)context;
    return ipm_clock_now_ns();
}

const struct ipm_executor ipm_executor_real = {
    .trial = executor_trial,
    .memcpy_rate = executor_memcpy_rate,
    .syscall_ns = executor_syscall_ns,
    .core_to_core_ns = executor_core_to_core_ns,
    .context_switch_ns = executor_context_switch_ns,
    .stopped = executor_stopped,
    .pauses = executor_pauses,
    .throttle = executor_throttle,
    .ticks = executor_ticks,
    .steal = executor_steal,
    .now_ns = executor_now_ns,
};

static int executor_open(const struct ipm_transport *transport, size_t buffer_bytes,
                         struct ipm_err *err) {
    struct ipm_link link = {.ops = transport,
                            .config = {.peers = 1,
                                       .batch = 1,
                                       .message_bytes = 1,
                                       .buffer_bytes = buffer_bytes,
                                       .timeout_ms = EXECUTOR_OPEN_MS},
                            .state = calloc(1, transport->link_size + 1)};
    int failed = link.state ? transport->open(&link, err)
                            : ipm_err_sys(err, -ENOMEM, "cannot make a link");
    if (!failed)
        transport->close(&link, IPM_PARENT);
    free(link.state);
    return failed;
}

/* A hint in err belongs to the step that set it, so it is cleared between the steps. */
static int executor_try(const struct ipm_transport *transport, size_t buffer_bytes,
                        size_t *ret_max_message_bytes, struct ipm_err *err) {
    struct ipm_err unopened = {0};
    *ret_max_message_bytes = SIZE_MAX;
    int failed = transport->probe ? transport->probe(ret_max_message_bytes, err) : 0;
    if (!failed && transport->limit) {
        *err = (struct ipm_err){0};
        failed = transport->limit(buffer_bytes, ret_max_message_bytes, err);
    }
    if (failed)
        return failed;
    failed = executor_open(transport, buffer_bytes, &unopened);
    if (failed)
        *err = unopened;
    return failed;
}

int ipm_runner_try(const struct ipm_transport *transport, size_t buffer_bytes,
                   size_t *ret_max_message_bytes, struct ipm_err *err) {
    const int failed = executor_try(transport, buffer_bytes, ret_max_message_bytes, err);
    if (failed && err->text[0] == '\0')
        return ipm_err_set(err, -EIO,
                           "'%s' cannot be used, and its plugin gives no reason",
                           transport->name);
    if (failed == -EPERM || failed == -ENOSYS)
        ipm_err_hint(err, "%s", IPM_ERR_FORBIDDEN);
    return failed;
}

void ipm_runner_probe(struct ipm_probe *probes, uint64_t buffer_bytes) {
    struct ipm_surroundings before = ipm_surroundings_keep();
    for (size_t i = 0; ipm_transports[i]; i++) {
        struct ipm_err err = {0};
        struct ipm_probe *probe = &probes[i];
        *probe = (struct ipm_probe){.transport = ipm_transports[i]};
        probe->runnable = ipm_runner_try(ipm_transports[i], (size_t)buffer_bytes,
                                         &probe->max_message_bytes, &err) == 0;
        if (!probe->runnable)
            ipm_err_reason(&err, probe->reason, sizeof probe->reason);
        memcpy(probe->advice, err.hint, sizeof probe->advice);
    }
    ipm_surroundings_restore(&before);
}
