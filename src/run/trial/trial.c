/* trial.c - the life of one trial, as the parent sees it.
 * Knows no transport's name and no statistic. */
#include "run/trial/trial.h"

#include "base/clock.h"
#include "base/err.h"
#include "run/framings/framing.h"
#include "run/patterns/pattern.h"
#include "run/process/spawn.h"
#include "run/process/stop.h"
#include "run/trial/child.h"
#include "run/trial/control.h"
#include "run/trial/failure.h"
#include "run/trial/outcome.h"
#include "run/trial/side.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRIAL_GRACE_NS = 50000000 };

struct trial {
    const struct ipm_trial_config *config;
    struct ipm_link link;
    struct ipm_trial_side side;
    struct ipm_window peer; /* what the child measured */
    int control[2];         /* parent's, child's; -1 when closed */
    pid_t child;
    bool link_open;
    bool child_gone; /* it closed the control channel, so it has ended by itself */
    uint64_t opened_ns;
    uint64_t attached_ns;
    uint64_t deadline_ns;
    const char *phase;
};

size_t ipm_trial_call_bytes(const struct ipm_trial_config *config) {
    const struct ipm_framing *framing = config->framing ? config->framing : *ipm_framings;
    size_t bytes = (size_t)config->settings->message_bytes;
    if ((config->transport->caps & IPM_CAP_MESSAGES) != 0)
        return bytes;
    bytes += framing->head_bytes + framing->tail_bytes;
    return __builtin_mul_overflow(
               bytes, config->settings->batch ? config->settings->batch : 1, &bytes)
               ? SIZE_MAX
               : bytes;
}

static int trial_open_link(struct trial *t, struct ipm_err *err) {
    const struct ipm_trial_config *config = t->config;
    t->link = (struct ipm_link){
        .ops = config->transport,
        .config = {.batch = (unsigned)config->settings->batch,
                   .message_bytes = ipm_trial_call_bytes(config),
                   .buffer_bytes = (size_t)config->settings->buffer_bytes,
                   .congestion = config->settings->congestion[0]
                                     ? config->settings->congestion
                                     : NULL,
                   .timeout_ms = (unsigned)(config->timeout_ns / 1000000 + 1)}};
    t->link.state = calloc(1, config->transport->link_size + 1);
    if (!t->link.state)
        return ipm_err_sys(err, -ENOMEM, "cannot make a link");
    t->opened_ns = ipm_clock_now_ns();
    int failed = config->transport->open(&t->link, err);
    if (failed)
        return ipm_err_set(err, failed, "cannot open '%s'", config->transport->name);
    t->link_open = true;
    return 0;
}

static int trial_fork(struct trial *t, struct ipm_err *err) {
    struct ipm_child_start start = {
        .config = t->config, .link = &t->link, .control = t->control};
    int failed = ipm_spawn(ipm_child_live, &start, ipm_stop_watch, &t->child, err);
    (void)close(t->control[1]);
    t->control[1] = -1;
    return failed;
}

static void trial_close_link(struct trial *t) {
    if (t->link_open)
        t->link.ops->close(&t->link, IPM_PARENT);
    t->link_open = false;
}

/* A message of the wanted kind; an error of the child becomes ours. */
static int trial_await(struct trial *t, enum ipm_control_kind kind, uint64_t deadline_ns,
                       struct ipm_control_message *message, struct ipm_err *err) {
    int failed = ipm_control_recv(t->control[0], message, deadline_ns);
    t->child_gone = t->child_gone || failed == -EPIPE;
    if (failed)
        return failed;
    if (message->kind == IPM_CONTROL_ERROR) {
        *err = message->as.err;
        return err->code;
    }
    return message->kind == kind
               ? 0
               : ipm_err_set(err, -EPROTO, "the child spoke out of turn");
}

static int trial_meet(struct trial *t, struct ipm_err *err) {
    struct ipm_control_message message = {.kind = IPM_CONTROL_ATTACHED};
    t->phase = "while attaching";
    t->side.end.peer_pid = t->child;
    int failed = ipm_side_attach(&t->side, &t->link, err);
    if (!failed && ipm_side_keeps_link(t->config))
        failed = ipm_control_send(t->control[0], &message);
    if (!failed)
        failed = trial_await(t, IPM_CONTROL_ATTACHED, t->deadline_ns, &message, err);
    if (failed)
        return failed;
    t->attached_ns = ipm_clock_now_ns();
    if (!ipm_side_keeps_link(t->config))
        trial_close_link(t);
    t->phase = "before the window";
    failed = ipm_side_prepare(&t->side, err);
    return failed ? failed
                  : trial_await(t, IPM_CONTROL_READY, t->deadline_ns, &message, err);
}

/* Where the end of the stream is only a mark that may be lost, it is repeated. */
static int trial_await_result(struct trial *t, struct ipm_err *err) {
    struct ipm_control_message message;
    const bool marks = ipm_side_repeats_marks(&t->side);
    int failed;
    do {
        uint64_t now_ns = ipm_clock_now_ns();
        bool late = now_ns >= t->deadline_ns;
        uint64_t until_ns = marks && !late ? now_ns + IPM_SIDE_MARK_NS : t->deadline_ns;
        failed = trial_await(t, IPM_CONTROL_RESULT, until_ns, &message, err);
        if (failed != -ETIMEDOUT || !marks || late)
            break;
        failed = t->side.end.ops->finish(&t->side.end);
    } while (!failed);
    if (!failed)
        t->peer = message.as.window;
    return failed;
}

/* Where a connection has both its ends in the parent, nothing comes to the child. */
static uint64_t trial_sent_to_child(const struct trial *t) {
    const bool alone = ipm_side_keeps_link(t->config) && !t->config->transport->accept;
    return alone ? 0 : t->side.window.sent.messages;
}

static int trial_measure(struct trial *t, struct ipm_err *err) {
    struct ipm_control_message done = {.kind = IPM_CONTROL_DONE};
    t->phase = "in the window";
    int failed = ipm_side_measure(&t->side);
    if (failed)
        return ipm_err_sys(err, failed, "cannot %s",
                           t->config->pattern->does[IPM_SENDER]);
    failed = t->side.end.ops->finish(&t->side.end);
    if (failed)
        return ipm_err_sys(err, failed, "cannot end the stream");
    done.as.sent_messages = trial_sent_to_child(t);
    failed = ipm_control_send(t->control[0], &done);
    if (!failed)
        failed = trial_await_result(t, err);
    if (!failed && (t->config->pattern->kind.traits & IPM_TRAIT_TWO_WAY) != 0)
        failed = ipm_side_count(&t->side, t->peer.sent.messages, err);
    /* Only now: on a shared CPU it would take time from a receiver not yet done. */
    ipm_side_conclude(&t->side);
    return failed;
}

/* The child has nothing left to do but to end: its end of the channel closes. */
static int trial_await_exit(struct trial *t, struct ipm_err *err) {
    struct ipm_control_message message;
    t->phase = "after the window";
    int failed = trial_await(t, IPM_CONTROL_RESULT, t->deadline_ns, &message, err);
    return failed == -EPIPE ? 0 : failed ? failed : -EPROTO;
}

/* After a failure of ours: the child may be about to tell a better reason. */
static void trial_listen(struct trial *t, struct ipm_err *seen) {
    struct ipm_control_message message;
    struct ipm_err theirs = {0};
    int failed = 0;
    const uint64_t until_ns = ipm_clock_now_ns() + TRIAL_GRACE_NS;
    while (!t->child_gone && failed != -ETIMEDOUT && failed != -EINTR)
        failed = trial_await(t, IPM_CONTROL_ERROR, until_ns, &message, &theirs);
    if (theirs.code)
        *seen = theirs;
}

/* Ends the child, by force unless it has ended by itself, and says what went wrong. */
static int trial_reap(struct trial *t, int failed, struct ipm_err *seen,
                      struct ipm_err *err) {
    siginfo_t info = {0};
    int status = 0;
    if (failed && !ipm_stop_wanted())
        trial_listen(t, seen);
    bool stopped =
        waitid(P_PID, (id_t)t->child, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
        info.si_code == CLD_STOPPED;
    if (!t->child_gone)
        (void)kill(t->child, SIGKILL);
    while (waitpid(t->child, &status, 0) < 0 && errno == EINTR)
        continue;
    const struct ipm_failure facts = {.failed = failed,
                                      .status = status,
                                      .child_gone = t->child_gone,
                                      .stopped = stopped,
                                      .interrupted = ipm_stop_signal() != 0,
                                      .expired = ipm_stop_expired() != 0,
                                      .timeout_ns = t->config->timeout_ns,
                                      .phase = t->phase,
                                      .seen = seen};
    return failed || status ? ipm_failure(&facts, err) : 0;
}

static int trial_live(struct trial *t, struct ipm_err *err) {
    struct ipm_err seen = {0};
    int failed = trial_open_link(t, err);
    if (!failed)
        failed = ipm_control_open(t->control, err);
    if (!failed)
        failed = ipm_side_init(&t->side, t->config, IPM_PARENT, IPM_SENDER, err);
    if (!failed)
        failed = trial_fork(t, err);
    if (failed)
        return failed;
    failed = trial_meet(t, &seen);
    if (!failed)
        failed = trial_measure(t, &seen);
    if (!failed)
        failed = trial_await_exit(t, &seen);
    return trial_reap(t, failed, &seen, err);
}

static void trial_done(struct trial *t) {
    trial_close_link(t);
    ipm_side_done(&t->side);
    free(t->link.state);
    for (int i = 0; i < 2; i++)
        if (t->control[i] >= 0)
            (void)close(t->control[i]);
}

static int trial_tell(const struct trial *t, struct ipm_sample *ret_sample,
                      struct ipm_trial_facts *ret_facts, struct ipm_err *err) {
    const struct ipm_outcome outcome = {
        .config = t->config,
        .ends = {[IPM_SENDER] = &t->side.window, [IPM_RECEIVER] = &t->peer},
        .latency = t->side.latency,
        .setup_ns = t->attached_ns - t->opened_ns};
    int failed = ipm_outcome_sample(&outcome, ret_sample);
    if (failed)
        return ipm_err_sys(err, failed, "cannot keep what was measured");
    if (ret_facts)
        ipm_outcome_facts(&outcome, ret_facts);
    return 0;
}

int ipm_trial_run(const struct ipm_trial_config *config, struct ipm_sample *ret_sample,
                  struct ipm_trial_facts *ret_facts, struct ipm_err *err) {
    struct trial t = {.config = config,
                      .control = {-1, -1},
                      .side = {.end = {.rx_fd = -1, .tx_fd = -1}},
                      .deadline_ns = ipm_clock_now_ns() + config->timeout_ns,
                      .phase = "while attaching"};
    int cpus[IPM_CPUS_MOST];
    int cpu_count = config->settings->sender_cpu < 0 ? 0 : ipm_usage_allowed_cpus(cpus);
    ipm_stop_arm(config->timeout_ns);
    int failed = trial_live(&t, err);
    if (cpu_count > 0)
        ipm_usage_unpin(cpus, cpu_count);
    if (!failed)
        failed = trial_tell(&t, ret_sample, ret_facts, err);
    trial_done(&t);
    ipm_stop_disarm();
    return failed;
}
