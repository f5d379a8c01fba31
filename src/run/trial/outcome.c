/* outcome.c - adds up what the two sides of a trial measured. Arithmetic: no process, no
 * transport's name. */
#include "run/trial/outcome.h"

#include "run/patterns/pattern.h"

#include <errno.h>
#include <stdlib.h>

static bool outcome_is_hollow(const struct ipm_outcome *outcome) {
    return (outcome->config->transport->caps & IPM_CAP_HOLLOW) != 0;
}

static uint64_t outcome_larger(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

static uint64_t outcome_span_ns(uint64_t begin_ns, uint64_t end_ns) {
    return end_ns > begin_ns ? end_ns - begin_ns : 1;
}

/* The sender begins, also where both ends send: the other waits for its first byte. */
static uint64_t outcome_until_ns(const struct ipm_outcome *outcome, uint64_t last_ns) {
    return outcome_span_ns(outcome->ends[IPM_SENDER]->begin_ns, last_ns);
}

/* The window runs from the sender's first call to the last byte received by anyone. Where
 * nothing is moved neither end waits for the other, and it is the longer of the two. */
static uint64_t outcome_elapsed_ns(const struct ipm_outcome *outcome) {
    const struct ipm_window *sender = outcome->ends[IPM_SENDER];
    const struct ipm_window *receiver = outcome->ends[IPM_RECEIVER];
    if (outcome_is_hollow(outcome))
        return outcome_larger(outcome_span_ns(sender->begin_ns, sender->end_ns),
                              outcome_span_ns(receiver->begin_ns, receiver->end_ns));
    return outcome_until_ns(outcome, outcome_larger(sender->last_ns, receiver->last_ns));
}

static struct ipm_counts outcome_add_counts(const struct ipm_counts *a,
                                            const struct ipm_counts *b) {
    return (struct ipm_counts){.messages = a->messages + b->messages,
                               .bytes = a->bytes + b->bytes,
                               .calls = a->calls + b->calls,
                               .partial_calls = a->partial_calls + b->partial_calls};
}

static struct ipm_damage outcome_add_damage(const struct ipm_damage *a,
                                            const struct ipm_damage *b) {
    return (struct ipm_damage){
        .lost_messages = a->lost_messages + b->lost_messages,
        .reordered_messages = a->reordered_messages + b->reordered_messages,
        .duplicated_messages = a->duplicated_messages + b->duplicated_messages,
        .corrupt_messages = a->corrupt_messages + b->corrupt_messages};
}

static struct ipm_wire_use outcome_wire(const struct ipm_window *a,
                                        const struct ipm_window *b) {
    if (!a->wire_known || !b->wire_known)
        return (struct ipm_wire_use){0};
    return (struct ipm_wire_use){
        .known = 1,
        .segments = a->wire.segments + b->wire.segments,
        .payload_bytes = a->wire.payload_bytes + b->wire.payload_bytes,
        .retransmitted_bytes = a->wire.retransmitted_bytes + b->wire.retransmitted_bytes,
        .header_bytes = a->wire.header_bytes + b->wire.header_bytes};
}

static struct ipm_flow_use outcome_flow(const struct ipm_outcome *outcome,
                                        const struct ipm_window *to) {
    return (struct ipm_flow_use){.messages = to->received.messages,
                                 .bytes = to->received.bytes,
                                 .elapsed_ns =
                                     outcome_is_hollow(outcome)
                                         ? outcome_span_ns(to->begin_ns, to->end_ns)
                                         : outcome_until_ns(outcome, to->last_ns)};
}

/* Where both ends send and neither waits for the other, each way is one of its own. */
static int outcome_add_flows(const struct ipm_outcome *outcome,
                             struct ipm_sample *sample) {
    const unsigned traits = outcome->config->pattern->kind.traits;
    if ((traits & (IPM_TRAIT_TWO_WAY | IPM_TRAIT_ANSWERS)) != IPM_TRAIT_TWO_WAY)
        return 0;
    sample->flows = calloc(IPM_ROLES, sizeof *sample->flows);
    if (!sample->flows)
        return -ENOMEM;
    sample->flows[0] = outcome_flow(outcome, outcome->ends[IPM_RECEIVER]);
    sample->flows[1] = outcome_flow(outcome, outcome->ends[IPM_SENDER]);
    sample->flow_count = IPM_ROLES;
    return 0;
}

int ipm_outcome_sample(const struct ipm_outcome *outcome, struct ipm_sample *ret_sample) {
    const struct ipm_window *a = outcome->ends[IPM_SENDER];
    const struct ipm_window *b = outcome->ends[IPM_RECEIVER];
    *ret_sample =
        (struct ipm_sample){.elapsed_ns = outcome_elapsed_ns(outcome),
                            .setup_ns = outcome->setup_ns,
                            .sent = outcome_add_counts(&a->sent, &b->sent),
                            .received = outcome_add_counts(&a->received, &b->received),
                            .damage = outcome_add_damage(&a->damage, &b->damage),
                            .usage = {[IPM_SENDER] = a->usage, [IPM_RECEIVER] = b->usage},
                            .wire = outcome_wire(a, b),
                            .framing_bytes = a->framing_bytes + b->framing_bytes};
    int failed = outcome_add_flows(outcome, ret_sample);
    if (!failed && outcome->latency)
        failed = ipm_latency_take(&ret_sample->latency, outcome->latency);
    if (failed)
        ipm_sample_done(ret_sample);
    return failed;
}

void ipm_outcome_facts(const struct ipm_outcome *outcome,
                       struct ipm_trial_facts *ret_facts) {
    for (int role = 0; role < IPM_ROLES; role++) {
        ret_facts->endpoint[role] = outcome->ends[role]->endpoint;
        ret_facts->settings[role] = outcome->ends[role]->settings;
    }
}
