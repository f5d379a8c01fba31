/* trial.c - the life of one trial, as the parent sees it, with one child or many
 * clients. */
#include "run/trial/trial.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/null_call.h"
#include "base/usage.h"
#include "model/report/stats.h"
#include "run/framings/framing.h"
#include "run/process/stop.h"
#include "run/process/surroundings.h"
#include "run/trial/control.h"
#include "run/trial/outcome.h"
#include "run/trial/peers.h"
#include "run/trial/side.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    TRIAL_PROBES = 5,
    TRIAL_PROBE_CALLS = 100, /* some tens of microseconds */
};

struct trial {
    const struct ipm_trial_config *config;
    struct ipm_link link;
    bool link_open;
    struct ipm_trial_side side;
    struct ipm_peers peers;
    struct ipm_timings *timings; /* of each sender, shared with the peers; or NULL */
    unsigned timing_count;
    int gate[2]; /* a pipe: its end-of-file starts all children; -1 when closed */
    uint64_t opened_ns;
    uint64_t attached_ns;
    double call_ns; /* a null system call beside the window, the slower of two */
    int unbound;    /* why memory is not bound to a node, as a negative errno; or 0 */
};

size_t ipm_trial_call_bytes(const struct ipm_trial_config *config) {
    const struct ipm_framing *framing = config->framing ? config->framing : *ipm_framings;
    const uint64_t batch = config->settings->batch ? config->settings->batch : 1;
    size_t bytes = (size_t)ipm_settings_larger_bytes(config->settings);
    if ((config->transport->caps & IPM_CAP_MESSAGES) != 0)
        return bytes;
    bytes += framing->head_bytes + framing->tail_bytes;
    return __builtin_mul_overflow(bytes, batch, &bytes) ? SIZE_MAX : bytes;
}

/* With one child requests go to the child, and responses back where the transport can. */
static enum ipm_flow trial_flow(const struct ipm_trial_config *config) {
    if (ipm_side_two_flows(config))
        return IPM_BOTH_AT_ONCE;
    if (!ipm_side_has_trait(config, IPM_TRAIT_CLIENTS))
        return IPM_TO_CHILD;
    return ipm_side_has_trait(config, IPM_TRAIT_TWO_WAY) ? IPM_BOTH_WAYS : IPM_TO_PARENT;
}

static int trial_open_link(struct trial *t, struct ipm_err *err) {
    const struct ipm_trial_config *config = t->config;
    const struct ipm_case_config *settings = config->settings;
    t->link = (struct ipm_link){
        .ops = config->transport,
        .config = {.peers = t->peers.count,
                   .flow = trial_flow(config),
                   .batch = (unsigned)settings->batch,
                   .message_bytes = ipm_trial_call_bytes(config),
                   .buffer_bytes = (size_t)settings->buffer_bytes,
                   .congestion = settings->congestion[0] ? settings->congestion : NULL,
                   .timeout_ms = (unsigned)(config->timeout_ns / 1000000 + 1)}};
    t->link.state = calloc(1, config->transport->link_size + 1);
    if (!t->link.state)
        return ipm_err_sys(err, -ENOMEM, "cannot make a link");
    t->opened_ns = ipm_clock_now_ns();
    int failed = config->transport->open(&t->link, err);
    ipm_stop_reclaim();
    if (failed)
        return ipm_err_set(err, failed, "cannot open '%s'", config->transport->name);
    t->link_open = true;
    return 0;
}

static void trial_close_link(struct trial *t) {
    if (t->link_open)
        t->link.ops->close(&t->link, IPM_PARENT);
    t->link_open = false;
}

/* Where both ends send by a schedule, timings[0] is parent to child, and timings[1] is child to
 * parent. */
static int trial_make_timings(struct trial *t, struct ipm_err *err) {
    const bool answers = ipm_side_has_trait(t->config, IPM_TRAIT_ANSWERS);
    if (!answers && t->config->settings->rate_per_second == 0)
        return 0;
    t->timing_count = ipm_side_two_flows(t->config) ? 2 : t->peers.count;
    void *timings = mmap(NULL, t->timing_count * sizeof *t->timings,
                         PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (timings == MAP_FAILED)
        return ipm_err_sys(err, -errno, "cannot share memory with %u children",
                           t->peers.count);
    t->timings = timings;
    return 0;
}

/* Makes everything that the children inherit. */
static int trial_open(struct trial *t, struct ipm_err *err) {
    int failed = ipm_peers_init(&t->peers, err);
    if (!failed)
        failed = trial_make_timings(t, err);
    if (!failed)
        failed = ipm_side_init(&t->side, t->config, IPM_PARENT, err);
    if (failed)
        return failed;
    t->side.timings = t->timings;
    if ((t->side.role == IPM_RECEIVER || t->config->meet) &&
        pipe2(t->gate, O_CLOEXEC) != 0)
        return ipm_err_sys(err, -errno, "cannot make a pipe");
    return trial_open_link(t, err);
}

static int trial_spawn(struct trial *t, struct ipm_err *err) {
    int failed = 0;
    if (t->side.service)
        ipm_stop_watch_all();
    for (unsigned i = 0; i < t->peers.count && !failed; i++) {
        struct ipm_child_start start = {.peers = &t->peers,
                                        .link = &t->link,
                                        .timings = t->timings ? &t->timings[i] : NULL,
                                        .gate = t->gate,
                                        .which = i};
        failed = ipm_peers_spawn(&t->peers, i, ipm_child_live, &start, err);
    }
    ipm_peers_close(&t->gate[0]);
    return failed;
}

static int trial_meet(struct trial *t, struct ipm_err *err) {
    const struct ipm_control_message met = {.kind = IPM_CONTROL_ATTACHED};
    const bool keeps_link = ipm_side_keeps_link(t->config);
    int failed = ipm_side_attach(&t->side, &t->link, err);
    ipm_stop_reclaim();
    if (!failed && keeps_link)
        failed = ipm_peers_send(&t->peers, 0, &met);
    if (!failed)
        failed = ipm_peers_await(&t->peers, IPM_CONTROL_ATTACHED, err);
    if (failed)
        return failed;
    t->attached_ns = ipm_clock_now_ns();
    if (!keeps_link)
        trial_close_link(t);
    return 0;
}

/* Adds a notice where memory could not be bound: a filter of system calls, such as Docker's, may
 * refuse it. */
static void trial_tell_unbound(struct trial *t) {
    char text[IPM_FACT_TEXT_BYTES];
    if (t->unbound == 0)
        return;
    (void)snprintf(text, sizeof text, "memory is not bound to the sender's node: %s",
                   strerror(-t->unbound));
    ipm_facts_text(&t->side.window.settings, "notice", text);
}

/* Runs outside the measured usage. The median ignores an interruption. */
static void trial_probe_speed(struct trial *t) {
    double call_ns[TRIAL_PROBES];
    for (int i = 0; i < TRIAL_PROBES; i++)
        call_ns[i] = ipm_null_call_ns(TRIAL_PROBE_CALLS);
    t->call_ns = fmax(t->call_ns, ipm_stats_of(call_ns, TRIAL_PROBES).median);
}

/* A sender is ready before it waits for its receivers. A server reads its usage only after its
 * clients are ready, because that wait is not part of serving. */
static int trial_prepare(struct trial *t, struct ipm_err *err) {
    t->peers.phase = "before the window";
    int failed = ipm_side_prepare(&t->side, err);
    trial_tell_unbound(t);
    trial_probe_speed(t);
    if (!failed && !t->side.service)
        ipm_side_begin(&t->side);
    if (!failed)
        failed = ipm_peers_await(&t->peers, IPM_CONTROL_READY, err);
    if (!failed && t->side.service)
        ipm_side_begin(&t->side);
    return failed;
}

static int trial_send_done(struct trial *t) {
    struct ipm_control_message done = {.kind = IPM_CONTROL_DONE};
    int failed = 0;
    for (unsigned i = 0; i < t->peers.count && !failed; i++) {
        done.as.sent_messages = ipm_side_sent_to(&t->side, i);
        failed = ipm_peers_send(&t->peers, i, &done);
    }
    return failed;
}

/* Waits for the other pairs. Reads the usage again afterwards, because the wait is not part of the
 * trial. */
static int trial_meet_others(struct trial *t, struct ipm_err *err) {
    const struct ipm_trial_config *config = t->config;
    const int failed = config->meet ? config->meet(config->meet_context) : 0;
    if (failed)
        return ipm_err_sys(err, failed, "cannot wait for the other pairs");
    if (config->meet)
        ipm_side_begin(&t->side);
    return 0;
}

/* The usage is read only at the end: on a shared CPU, reading it earlier would take
 * time from a receiver that is not yet done. */
static int trial_measure(struct trial *t, struct ipm_err *err) {
    int failed = trial_meet_others(t, err);
    if (failed)
        return failed;
    t->peers.phase = "in the window";
    ipm_peers_close(&t->gate[1]); /* the children that wait for it start */
    failed = ipm_side_measure(&t->side, err);
    if (!failed)
        failed = ipm_side_finish(&t->side, err);
    if (!failed)
        failed = trial_send_done(t);
    if (!failed)
        failed = ipm_peers_await(&t->peers, IPM_CONTROL_RESULT, err);
    t->side.marking = false;
    if (failed)
        return failed;
    for (unsigned i = 0; i < t->peers.count && !failed; i++)
        failed = ipm_side_count(&t->side, i, t->peers.windows[i].sent.messages, err);
    ipm_side_conclude(&t->side);
    trial_probe_speed(t);
    return failed;
}

static int trial_live(struct trial *t, struct ipm_err *err) {
    struct ipm_err seen = {0};
    int failed = trial_open(t, err);
    if (failed)
        return failed;
    failed = trial_spawn(t, &seen);
    if (!failed)
        failed = trial_meet(t, &seen);
    if (!failed)
        failed = trial_prepare(t, &seen);
    if (!failed)
        failed = trial_measure(t, &seen);
    if (!failed) {
        t->peers.phase = "after the window";
        failed = ipm_peers_await_exits(&t->peers, &seen);
    }
    return ipm_peers_reap(&t->peers, failed, &seen, err);
}

static void trial_done(struct trial *t) {
    trial_close_link(t);
    ipm_side_done(&t->side);
    free(t->link.state);
    ipm_peers_close(&t->gate[0]);
    ipm_peers_close(&t->gate[1]);
    if (t->timings)
        (void)munmap(t->timings, t->timing_count * sizeof *t->timings);
    ipm_peers_done(&t->peers);
}

static int trial_result(struct trial *t, struct ipm_sample *ret_sample,
                        struct ipm_trial_facts *ret_facts, struct ipm_err *err) {
    const struct ipm_outcome outcome = {
        .config = t->config,
        .parent = &t->side.window,
        .children = t->peers.windows,
        .child_count = t->peers.count,
        .clients = t->side.service ? t->side.service->clients : NULL,
        .timings = t->timings,
        .timing_count = t->timing_count,
        .setup_ns = t->attached_ns - t->opened_ns,
        .null_syscall_ns = t->call_ns};
    int failed = ipm_outcome_sample(&outcome, ret_sample);
    if (failed)
        return ipm_err_sys(err, failed, "cannot store the sample");
    if (ret_facts)
        ipm_outcome_facts(&outcome, ret_facts);
    return 0;
}

int ipm_trial_run(const struct ipm_trial_config *config, struct ipm_sample *ret_sample,
                  struct ipm_trial_facts *ret_facts, struct ipm_err *err) {
    static struct trial t; /* large for a stack; there is one trial at a time */
    int cpus[IPM_CPUS_MOST];
    const uint64_t pauses = ipm_stop_pauses();
    t = (struct trial){.config = config,
                       .gate = {-1, -1},
                       .side = {.end = {.rx_fd = -1, .tx_fd = -1}},
                       .peers = {.config = config,
                                 .side = &t.side,
                                 .count = (unsigned)config->settings->clients,
                                 .phase = "while attaching"}};
    const bool pinned = ipm_side_cpu(config, IPM_PARENT) >= 0;
    const int node = pinned ? (int)config->settings->memory_node : -1;
    const int cpu_count = pinned ? ipm_usage_allowed_cpus(cpus) : 0;
    if (t.peers.count > 1) /* if they are too few, a later call fails and reports it */
        (void)ipm_usage_raise_descriptors();
    if (node >= 0)
        t.unbound = ipm_usage_bind_memory(node);
    ipm_stop_arm(config->timeout_ns);
    int failed = ipm_surroundings_check_threads(err);
    if (!failed)
        failed = trial_live(&t, err);
    if (pinned)
        ipm_usage_unpin(cpus, cpu_count);
    if (node >= 0)
        (void)ipm_usage_bind_memory(-1);
    t.side.window.stopped |= ipm_stop_pauses() != pauses;
    if (!failed)
        failed = trial_result(&t, ret_sample, ret_facts, err);
    trial_done(&t);
    if (!failed && (failed = ipm_surroundings_check_threads(err)) != 0)
        ipm_sample_done(ret_sample);
    ipm_stop_disarm();
    return failed;
}
