/* metric_functions.c - functions of metrics of flows and of latencies. There is one flow for each client
 * of a server or for each pair, otherwise one for each direction. */
#include "model/metric_functions.h"

enum { METRIC_FORWARD, METRIC_BACKWARD, METRIC_WAYS };

static bool metric_is_shared(const struct ipm_metric_scope *scope) {
    return scope->subject->config.server[0] != '\0' || scope->subject->config.pairs > 1;
}

static double metric_way(const struct ipm_metric_scope *scope, size_t way) {
    const struct ipm_sample *trial = scope->trial;
    if (metric_is_shared(scope) || trial->flow_count != METRIC_WAYS)
        return NAN;
    return ipm_metric_rate(trial->flows[way].bytes, trial->flows[way].elapsed_ns);
}

double ipm_metric_forward(const struct ipm_metric_scope *scope) {
    return metric_way(scope, METRIC_FORWARD);
}

double ipm_metric_backward(const struct ipm_metric_scope *scope) {
    return metric_way(scope, METRIC_BACKWARD);
}

/* Sums over the clients or pairs. One that sent nothing has rate 0. */
struct metric_sums {
    double rates;
    double squares;
};

static struct metric_sums metric_clients(const struct ipm_metric_scope *scope) {
    struct metric_sums sums = {0};
    for (size_t i = 0; metric_is_shared(scope) && i < scope->trial->flow_count; i++) {
        const struct ipm_flow_use *flow = &scope->trial->flows[i];
        const double rate =
            flow->bytes > 0 ? ipm_metric_rate(flow->bytes, flow->elapsed_ns) : 0;
        sums.rates += rate;
        sums.squares += rate * rate;
    }
    return sums;
}

double ipm_metric_client(const struct ipm_metric_scope *scope) {
    const size_t clients = metric_is_shared(scope) ? scope->trial->flow_count : 0;
    return ipm_metric_divide(metric_clients(scope).rates, (double)clients);
}

/* Jain, Chiu and Hawe 1984: 1 when all rates are equal, 1/n when one has all. */
double ipm_metric_fairness(const struct ipm_metric_scope *scope) {
    const struct metric_sums sums = metric_clients(scope);
    return ipm_metric_divide(sums.rates * sums.rates,
                             (double)scope->trial->flow_count * sums.squares);
}

static double metric_latency_rate(const struct ipm_metric_scope *scope) {
    const struct ipm_sample *trial = scope->trial;
    return trial->latency.count > 0
               ? ipm_metric_rate(trial->latency.count, trial->elapsed_ns)
               : NAN;
}

/* Returns NaN with a rate, where ipm_metric_achieved has the value, and messages that go one way
 * have latencies, too. */
double ipm_metric_round_trips(const struct ipm_metric_scope *scope) {
    return ipm_case_connects(scope->subject) || scope->trial->scheduled_ns > 0
               ? NAN
               : metric_latency_rate(scope);
}

double ipm_metric_connections(const struct ipm_metric_scope *scope) {
    return ipm_case_connects(scope->subject) ? metric_latency_rate(scope) : NAN;
}

static double metric_instructions(const struct ipm_metric_scope *scope,
                                  enum ipm_metric_id primary, uint64_t count) {
    return scope->subject->primary == primary
               ? ipm_metric_divide((double)scope->trial->elapsed_ns, (double)count)
               : NAN;
}

double ipm_metric_message_instructions(const struct ipm_metric_scope *scope) {
    return metric_instructions(scope, IPM_METRIC_MESSAGE_INSTRUCTIONS,
                               scope->trial->received.messages);
}

double ipm_metric_round_trip_instructions(const struct ipm_metric_scope *scope) {
    return metric_instructions(scope, IPM_METRIC_ROUND_TRIP_INSTRUCTIONS,
                               scope->trial->latency.count);
}

double ipm_metric_connection_instructions(const struct ipm_metric_scope *scope) {
    return metric_instructions(scope, IPM_METRIC_CONNECTION_INSTRUCTIONS,
                               scope->trial->latency.count);
}

double ipm_metric_offered(const struct ipm_metric_scope *scope) {
    return ipm_metric_rate(scope->trial->scheduled_messages, scope->trial->scheduled_ns);
}

double ipm_metric_achieved(const struct ipm_metric_scope *scope) {
    return scope->trial->scheduled_ns > 0 ? metric_latency_rate(scope) : NAN;
}

double ipm_metric_send_lag(const struct ipm_metric_scope *scope) {
    return ipm_latency_quantile(&scope->trial->send_lag, 0.99);
}

double ipm_metric_since_sent_p50(const struct ipm_metric_scope *scope) {
    return ipm_latency_quantile(&scope->trial->since_sent, 0.5);
}

double ipm_metric_since_sent_p99(const struct ipm_metric_scope *scope) {
    return ipm_latency_quantile(&scope->trial->since_sent, 0.99);
}
