/* outcome.c - what a trial measured, or why it failed. */
#include "run/trial/outcome.h"

#include "run/patterns/pattern.h"
#include "run/servers/service.h"
#include "run/trial/side.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static uint64_t outcome_larger(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

static uint64_t outcome_span_ns(uint64_t begin_ns, uint64_t end_ns) {
    return end_ns > begin_ns ? end_ns - begin_ns : 1;
}

static bool outcome_is_hollow(const struct ipm_outcome *outcome) {
    return (outcome->config->transport->caps & IPM_CAP_HOLLOW) != 0;
}

static enum ipm_role outcome_parent_role(const struct ipm_outcome *outcome) {
    return ipm_side_role(outcome->config, IPM_PARENT);
}

/* Returns when the first sender began. */
static uint64_t outcome_begin_ns(const struct ipm_outcome *outcome) {
    const uint64_t back_ns = outcome->children->first_ns;
    if (outcome_parent_role(outcome) == IPM_SENDER)
        return back_ns > 0 && back_ns < outcome->parent->begin_ns
                   ? back_ns
                   : outcome->parent->begin_ns;
    uint64_t begin_ns = outcome->children[0].begin_ns;
    for (unsigned i = 1; i < outcome->child_count; i++)
        if (outcome->children[i].begin_ns < begin_ns)
            begin_ns = outcome->children[i].begin_ns;
    return begin_ns;
}

/* The window runs from the sender's first call to the last byte that any end received.
 * Where nothing is moved, neither end waits for the other, and the longer of both
 * windows counts. */
static uint64_t outcome_elapsed_ns(const struct ipm_outcome *outcome) {
    const struct ipm_window *parent = outcome->parent;
    const struct ipm_window *child = outcome->children;
    uint64_t last_ns = parent->last_ns;
    if (outcome_is_hollow(outcome))
        return outcome_larger(outcome_span_ns(parent->begin_ns, parent->end_ns),
                              outcome_span_ns(child->begin_ns, child->end_ns));
    for (unsigned i = 0; i < outcome->child_count; i++)
        last_ns = outcome_larger(last_ns, child[i].last_ns);
    return outcome_span_ns(outcome_begin_ns(outcome), last_ns);
}

static void outcome_add_window(struct ipm_sample *sample,
                               const struct ipm_window *window) {
    ipm_counts_add(&sample->sent, &window->sent);
    ipm_counts_add(&sample->received, &window->received);
    ipm_damage_add(&sample->damage, &window->damage);
    sample->framing_bytes += window->framing_bytes;
    sample->scheduled_messages += window->scheduled_messages;
    sample->scheduled_ns = outcome_larger(sample->scheduled_ns, window->scheduled_ns);
    sample->stopped = sample->stopped || window->stopped;
    sample->wire.known = sample->wire.known && window->wire_known;
    sample->wire.segments += window->wire.segments;
    sample->wire.payload_bytes += window->wire.payload_bytes;
    sample->wire.retransmitted_bytes += window->wire.retransmitted_bytes;
    sample->wire.header_bytes += window->wire.header_bytes;
}

/* The peak memory of several processes is that of the largest one: it is a size per process. */
static void outcome_add_usage(struct ipm_usage *sum, const struct ipm_usage *more) {
    ipm_usage_add(sum, more);
    if (more->peak_rss_bytes > sum->peak_rss_bytes)
        sum->peak_rss_bytes = more->peak_rss_bytes;
}

static struct ipm_usage outcome_children_usage(const struct ipm_outcome *outcome) {
    struct ipm_usage sum = outcome->children[0].usage;
    for (unsigned i = 1; i < outcome->child_count; i++)
        outcome_add_usage(&sum, &outcome->children[i].usage);
    return sum;
}

static struct ipm_flow_use outcome_flow(const struct ipm_outcome *outcome,
                                        const struct ipm_counts *received,
                                        uint64_t last_ns) {
    return (struct ipm_flow_use){.messages = received->messages,
                                 .bytes = received->bytes,
                                 .elapsed_ns =
                                     outcome_span_ns(outcome_begin_ns(outcome), last_ns)};
}

/* Returns the usage of one direction. Where both ends send and neither waits for the
 * other, each direction has its own window. */
static struct ipm_flow_use outcome_way(const struct ipm_outcome *outcome,
                                       const struct ipm_window *to) {
    struct ipm_flow_use flow = outcome_flow(outcome, &to->received, to->last_ns);
    if (outcome_is_hollow(outcome))
        flow.elapsed_ns = outcome_span_ns(to->begin_ns, to->end_ns);
    return flow;
}

static void outcome_fill_flows(const struct ipm_outcome *outcome,
                               struct ipm_flow_use *flows) {
    if (!outcome->clients) {
        flows[0] = outcome_way(outcome, outcome->children);
        flows[1] = outcome_way(outcome, outcome->parent);
    }
    for (unsigned i = 0; outcome->clients && i < outcome->child_count; i++)
        flows[i] = outcome_flow(outcome, &outcome->clients[i].received,
                                outcome->clients[i].end_ns);
}

static size_t outcome_flow_count(const struct ipm_outcome *outcome) {
    if (outcome->clients)
        return outcome->child_count;
    return ipm_side_two_flows(outcome->config) ? 2 : 0;
}

static int outcome_add_flows(const struct ipm_outcome *outcome,
                             struct ipm_sample *sample) {
    const size_t count = outcome_flow_count(outcome);
    if (count == 0)
        return 0;
    sample->flows = calloc(count, sizeof *sample->flows);
    if (!sample->flows)
        return -ENOMEM;
    sample->flow_count = count;
    outcome_fill_flows(outcome, sample->flows);
    return 0;
}

static int outcome_add_timings(const struct ipm_outcome *outcome,
                               struct ipm_sample *sample) {
    struct ipm_timings *sum = outcome->timings;
    if (!sum)
        return 0;
    for (unsigned i = 1; i < outcome->timing_count; i++)
        ipm_timings_add(sum, &outcome->timings[i]);
    return ipm_sample_take(sample, sum);
}

int ipm_outcome_sample(const struct ipm_outcome *outcome, struct ipm_sample *ret_sample) {
    const enum ipm_role parent = outcome_parent_role(outcome);
    *ret_sample = (struct ipm_sample){.begin_ns = outcome_begin_ns(outcome),
                                      .elapsed_ns = outcome_elapsed_ns(outcome),
                                      .setup_ns = outcome->setup_ns,
                                      .null_syscall_ns = outcome->null_syscall_ns,
                                      .wire.known = 1};
    ret_sample->usage[parent] = outcome->parent->usage;
    ret_sample->usage[parent == IPM_SENDER ? IPM_RECEIVER : IPM_SENDER] =
        outcome_children_usage(outcome);
    outcome_add_window(ret_sample, outcome->parent);
    for (unsigned i = 0; i < outcome->child_count; i++)
        outcome_add_window(ret_sample, &outcome->children[i]);
    if (!ret_sample->wire.known)
        ret_sample->wire = (struct ipm_wire_use){0};
    int failed = outcome_add_flows(outcome, ret_sample);
    if (!failed)
        failed = outcome_add_timings(outcome, ret_sample);
    if (failed)
        ipm_sample_done(ret_sample);
    return failed;
}

void ipm_outcome_facts(const struct ipm_outcome *outcome,
                       struct ipm_trial_facts *ret_facts) {
    for (int role = 0; role < IPM_ROLES; role++) {
        const struct ipm_window *window = role == (int)outcome_parent_role(outcome)
                                              ? outcome->parent
                                              : outcome->children;
        ret_facts->endpoint[role] = window->endpoint;
        ret_facts->settings[role] = window->settings;
    }
}

/* --- several trials ------------------------------------------------------------------ */

static void outcome_add_wire(struct ipm_wire_use *sum, const struct ipm_wire_use *more) {
    sum->known = sum->known && more->known;
    sum->segments += more->segments;
    sum->payload_bytes += more->payload_bytes;
    sum->retransmitted_bytes += more->retransmitted_bytes;
    sum->header_bytes += more->header_bytes;
    if (!sum->known)
        *sum = (struct ipm_wire_use){0};
}

void ipm_outcome_add(struct ipm_sample *sum, const struct ipm_sample *more) {
    const uint64_t end_ns = outcome_larger(sum->begin_ns + sum->elapsed_ns,
                                           more->begin_ns + more->elapsed_ns);
    if (more->begin_ns < sum->begin_ns)
        sum->begin_ns = more->begin_ns;
    sum->elapsed_ns = end_ns - sum->begin_ns;
    sum->setup_ns = outcome_larger(sum->setup_ns, more->setup_ns);
    sum->null_syscall_ns = fmax(sum->null_syscall_ns, more->null_syscall_ns);
    ipm_counts_add(&sum->sent, &more->sent);
    ipm_counts_add(&sum->received, &more->received);
    ipm_damage_add(&sum->damage, &more->damage);
    for (int role = 0; role < IPM_ROLES; role++)
        outcome_add_usage(&sum->usage[role], &more->usage[role]);
    outcome_add_wire(&sum->wire, &more->wire);
    sum->framing_bytes += more->framing_bytes;
    sum->stopped = sum->stopped || more->stopped;
    sum->scheduled_messages += more->scheduled_messages;
    sum->scheduled_ns = outcome_larger(sum->scheduled_ns, more->scheduled_ns);
}

static const char *failure_who(const struct ipm_failure *facts) {
    return facts->who ? facts->who : "the child";
}

static int failure_child(const struct ipm_failure *facts, struct ipm_err *err) {
    const int status = facts->status;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        ipm_err_hint(err,
                     "the kernel kills processes so where memory is short: see dmesg");
    if (WIFSIGNALED(status))
        return ipm_err_set(err, -ECHILD, "%s was killed by signal %d (%s) %s",
                           failure_who(facts), WTERMSIG(status),
                           strsignal(WTERMSIG(status)), facts->phase);
    return ipm_err_set(err, -ECHILD, "%s exited with status %d %s", failure_who(facts),
                       WEXITSTATUS(status), facts->phase);
}

static int failure_watchdog(const struct ipm_failure *facts, struct ipm_err *err) {
    const bool told = facts->seen->code == -ECHILD; /* about a server's process */
    const char *who = facts->stopped ? failure_who(facts) : told ? facts->seen->text : "";
    ipm_err_hint(err, "--timeout TIME gives a trial longer");
    return ipm_err_set(err, -ETIMEDOUT, "timed out after %.3g s %s%s%s%s",
                       (double)facts->timeout_ns / 1e9, facts->phase, *who ? ": " : "",
                       who, facts->stopped ? " is stopped" : "");
}

/* Returns whether the trial was late. A call that failed with ETIMEDOUT before the watchdog
 * expired, as connect(2) does, has its own message. */
static bool failure_is_late(const struct ipm_failure *facts) {
    return facts->expired || (facts->failed == -ETIMEDOUT &&
                              (facts->stopped || facts->seen->code != -ETIMEDOUT));
}

int ipm_failure(const struct ipm_failure *facts, struct ipm_err *err) {
    if (facts->interrupted)
        return ipm_err_set(err, -EINTR, "interrupted");
    if (facts->child_gone && WIFSIGNALED(facts->status))
        return failure_child(facts, err);
    if (failure_is_late(facts))
        return failure_watchdog(facts, err);
    if (facts->seen->code && facts->seen->code != -EINTR) {
        *err = *facts->seen;
        return err->code;
    }
    if (facts->child_gone)
        return failure_child(facts, err);
    return ipm_err_sys(err, facts->failed, "the trial failed %s", facts->phase);
}
