/* metric.c - the table of figures: how each is made from one trial. Knows no case but the
 * one it is given. Unknown is NaN and is left out of the statistic. */
#include "model/metric.h"

#include "model/metric_talk.h"

#include <math.h>

static double metric_divide(double part, double whole) {
    return whole > 0 ? part / whole : NAN;
}

static double metric_known(int64_t number) {
    return number < 0 ? NAN : (double)number;
}

static double metric_rate(uint64_t count, const struct ipm_sample *trial) {
    return metric_divide((double)count * 1e9, (double)trial->elapsed_ns);
}

static double metric_cpu_ns(const struct ipm_usage *usage) {
    return metric_known(usage->user_ns) + metric_known(usage->system_ns);
}

static double metric_switch_count(const struct ipm_usage *usage) {
    return metric_known(usage->voluntary_switches) +
           metric_known(usage->involuntary_switches);
}

static double metric_throughput(const struct ipm_metric_scope *scope, size_t i) {
    const struct ipm_sample *trial = &scope->subject->trials[i];
    return metric_rate(trial->received.bytes, trial);
}

static double metric_messages(const struct ipm_metric_scope *scope, size_t i) {
    const struct ipm_sample *trial = &scope->subject->trials[i];
    return metric_rate(trial->received.messages, trial);
}

static double metric_sender_cpu(const struct ipm_metric_scope *scope, size_t i) {
    const struct ipm_sample *trial = &scope->subject->trials[i];
    return metric_divide(metric_cpu_ns(&trial->usage[IPM_SENDER]),
                         (double)trial->sent.messages);
}

static double metric_receiver_cpu(const struct ipm_metric_scope *scope, size_t i) {
    const struct ipm_sample *trial = &scope->subject->trials[i];
    return metric_divide(metric_cpu_ns(&trial->usage[IPM_RECEIVER]),
                         (double)trial->received.messages);
}

static double metric_cpu_per_byte(const struct ipm_metric_scope *scope, size_t i) {
    const struct ipm_sample *trial = &scope->subject->trials[i];
    return metric_divide(metric_cpu_ns(&trial->usage[IPM_SENDER]) +
                             metric_cpu_ns(&trial->usage[IPM_RECEIVER]),
                         (double)trial->received.bytes);
}

static double metric_calls(const struct ipm_metric_scope *scope, size_t i) {
    const struct ipm_sample *trial = &scope->subject->trials[i];
    return metric_divide((double)trial->sent.calls + (double)trial->received.calls,
                         (double)trial->sent.messages);
}

static double metric_switches(const struct ipm_metric_scope *scope, size_t i) {
    const struct ipm_sample *trial = &scope->subject->trials[i];
    return metric_divide(metric_switch_count(&trial->usage[IPM_SENDER]) +
                             metric_switch_count(&trial->usage[IPM_RECEIVER]),
                         (double)trial->sent.messages);
}

static double metric_setup(const struct ipm_metric_scope *scope, size_t i) {
    return (double)scope->subject->trials[i].setup_ns;
}

static double metric_loss(const struct ipm_metric_scope *scope, size_t i) {
    const struct ipm_sample *trial = &scope->subject->trials[i];
    return metric_divide((double)trial->damage.lost_messages,
                         (double)trial->sent.messages);
}

/* Rounds and trials are in step unless a trial is missing, so the search starts there. */
static const struct ipm_reference_round *metric_round(const struct ipm_references *all,
                                                      uint64_t round, size_t hint) {
    for (size_t i = 0; i < all->count; i++) {
        const size_t at = (hint + i) % all->count;
        if (all->rounds[at].round == round)
            return &all->rounds[at];
    }
    return NULL;
}

static const struct ipm_sample *metric_trial(const struct ipm_case *c, uint64_t round,
                                             size_t hint) {
    for (size_t i = 0; i < c->trial_count; i++) {
        const size_t at = (hint + i) % c->trial_count;
        if (c->trials[at].round == round)
            return &c->trials[at];
    }
    return NULL;
}

static double metric_memcpy(const struct ipm_metric_scope *scope, size_t i) {
    const struct ipm_references *references = scope->references;
    const struct ipm_sample *trial = &scope->subject->trials[i];
    const struct ipm_reference_round *round = metric_round(references, trial->round, i);
    if (!round || scope->size_index >= references->sizes.count ||
        ipm_metric_connects(scope->subject))
        return NAN;
    return metric_divide(metric_rate(trial->received.bytes, trial),
                         round->memcpy_bytes_per_second[scope->size_index]);
}

/* Of the same round, so that what drifts over a run hits both alike. */
static double metric_pipe(const struct ipm_metric_scope *scope, size_t i) {
    const struct ipm_sample *trial = &scope->subject->trials[i];
    const struct ipm_sample *pipe =
        scope->pipe ? metric_trial(scope->pipe, trial->round, i) : NULL;
    if (!pipe || ipm_metric_connects(scope->subject))
        return NAN;
    return metric_divide(metric_rate(trial->received.bytes, trial),
                         metric_rate(pipe->received.bytes, pipe));
}

static double metric_wire(const struct ipm_metric_scope *scope, size_t i) {
    const struct ipm_wire_use *wire = &scope->subject->trials[i].wire;
    const double again_bytes = (double)wire->retransmitted_bytes;
    if (!wire->known)
        return NAN;
    return metric_divide((double)wire->header_bytes + again_bytes,
                         (double)wire->payload_bytes - again_bytes);
}

static const struct {
    double (*of)(const struct ipm_metric_scope *scope, size_t trial);
    size_t offset;
} metric_table[] = {
    {metric_throughput, offsetof(struct ipm_summary, throughput_bytes_per_second)},
    {metric_messages, offsetof(struct ipm_summary, messages_per_second)},
    {metric_sender_cpu, offsetof(struct ipm_summary, sender_cpu_ns_per_message)},
    {metric_receiver_cpu, offsetof(struct ipm_summary, receiver_cpu_ns_per_message)},
    {metric_cpu_per_byte, offsetof(struct ipm_summary, cpu_ns_per_byte)},
    {metric_calls, offsetof(struct ipm_summary, calls_per_message)},
    {metric_switches, offsetof(struct ipm_summary, context_switches_per_message)},
    {metric_setup, offsetof(struct ipm_summary, setup_ns)},
    {metric_loss, offsetof(struct ipm_summary, loss_ratio)},
    {metric_memcpy, offsetof(struct ipm_summary, memcpy_ratio)},
    {metric_pipe, offsetof(struct ipm_summary, pipe_ratio)},
    {metric_wire, offsetof(struct ipm_summary, wire_overhead_ratio)},
    {ipm_metric_framing, offsetof(struct ipm_summary, framing_overhead_ratio)},
    {ipm_metric_round_trips, offsetof(struct ipm_summary, round_trips_per_second)},
    {ipm_metric_connections, offsetof(struct ipm_summary, connections_per_second)},
    {ipm_metric_forward, offsetof(struct ipm_summary, forward_bytes_per_second)},
    {ipm_metric_backward, offsetof(struct ipm_summary, backward_bytes_per_second)},
    {ipm_metric_client, offsetof(struct ipm_summary, client_bytes_per_second)},
    {ipm_metric_fairness, offsetof(struct ipm_summary, fairness_ratio)},
};
enum { METRICS = sizeof metric_table / sizeof metric_table[0] };

static struct ipm_statistic *metric_place(struct ipm_summary *summary, size_t offset) {
    return (struct ipm_statistic *)(void *)((char *)summary + offset);
}

void ipm_metric_fill(struct ipm_summary *summary, const struct ipm_metric_scope *scope,
                     size_t trial_count, double *scratch) {
    for (size_t m = 0; m < METRICS; m++) {
        for (size_t i = 0; i < trial_count; i++)
            scratch[i] = metric_table[m].of(scope, i);
        *metric_place(summary, metric_table[m].offset) =
            ipm_stats_of(scratch, trial_count);
    }
}

double ipm_metric_of_trial(const struct ipm_metric_scope *scope, size_t offset,
                           size_t trial) {
    for (size_t m = 0; m < METRICS; m++)
        if (metric_table[m].offset == offset)
            return metric_table[m].of(scope, trial);
    return NAN;
}
