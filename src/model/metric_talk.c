/* metric_talk.c - figures of framed messages, round trips, connections, two ways and many
 * clients. What there is in a trial tells which of them a case has; only the word that
 * tells a connection from a round trip is known here. */
#include "model/metric_talk.h"

#include <math.h>
#include <string.h>

enum { METRIC_FORWARD, METRIC_BACKWARD, METRIC_WAYS };

bool ipm_metric_connects(const struct ipm_case *c) {
    return strcmp(c->config.pattern, "connect") == 0;
}

static double metric_talk_rate(uint64_t count, uint64_t elapsed_ns) {
    return elapsed_ns > 0 ? (double)count * 1e9 / (double)elapsed_ns : NAN;
}

double ipm_metric_framing(const struct ipm_metric_scope *scope, size_t i) {
    const struct ipm_sample *trial = &scope->subject->trials[i];
    const char *framing = scope->subject->config.framing;
    if (!framing[0] || strcmp(framing, "none") == 0 || trial->received.bytes == 0)
        return NAN;
    return (double)trial->framing_bytes / (double)trial->received.bytes;
}

/* --- latencies: as many as there were round trips, or connections ---------------------- */

static double metric_latencies(const struct ipm_metric_scope *scope, size_t i,
                               bool connects) {
    const struct ipm_sample *trial = &scope->subject->trials[i];
    if (trial->latency.count == 0 || ipm_metric_connects(scope->subject) != connects)
        return NAN;
    return metric_talk_rate(trial->latency.count, trial->elapsed_ns);
}

double ipm_metric_round_trips(const struct ipm_metric_scope *scope, size_t i) {
    return metric_latencies(scope, i, false);
}

double ipm_metric_connections(const struct ipm_metric_scope *scope, size_t i) {
    return metric_latencies(scope, i, true);
}

/* --- flows: without a server two ways, with one a client each -------------------------- */

static bool metric_is_served(const struct ipm_metric_scope *scope) {
    return scope->subject->config.server[0] != '\0';
}

static double metric_way(const struct ipm_metric_scope *scope, size_t i, size_t way) {
    const struct ipm_sample *trial = &scope->subject->trials[i];
    if (metric_is_served(scope) || trial->flow_count != METRIC_WAYS)
        return NAN;
    return metric_talk_rate(trial->flows[way].bytes, trial->flows[way].elapsed_ns);
}

double ipm_metric_forward(const struct ipm_metric_scope *scope, size_t i) {
    return metric_way(scope, i, METRIC_FORWARD);
}

double ipm_metric_backward(const struct ipm_metric_scope *scope, size_t i) {
    return metric_way(scope, i, METRIC_BACKWARD);
}

/* A client that sent nothing got a rate of 0, not an unknown one. */
static double metric_client_rate(const struct ipm_flow_use *flow) {
    return flow->bytes > 0 ? metric_talk_rate(flow->bytes, flow->elapsed_ns) : 0;
}

double ipm_metric_client(const struct ipm_metric_scope *scope, size_t i) {
    const struct ipm_sample *trial = &scope->subject->trials[i];
    double sum = 0;
    if (!metric_is_served(scope) || trial->flow_count == 0)
        return NAN;
    for (size_t k = 0; k < trial->flow_count; k++)
        sum += metric_client_rate(&trial->flows[k]);
    return sum / (double)trial->flow_count;
}

/* Jain, Chiu and Hawe 1984: 1 when all clients got the same, 1/n when one got it all. */
double ipm_metric_fairness(const struct ipm_metric_scope *scope, size_t i) {
    const struct ipm_sample *trial = &scope->subject->trials[i];
    double sum = 0;
    double squares = 0;
    for (size_t k = 0; k < trial->flow_count; k++) {
        const double rate = metric_client_rate(&trial->flows[k]);
        sum += rate;
        squares += rate * rate;
    }
    if (!metric_is_served(scope) || squares == 0)
        return NAN;
    return sum * sum / ((double)trial->flow_count * squares);
}
