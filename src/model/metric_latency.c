/* metric_latency.c - metrics of latencies, of which each round trip, connection and message with a
 * schedule has one. */
#include "model/metric_functions.h"

static double metric_latency_rate(const struct ipm_metric_scope *scope) {
    const struct ipm_sample *trial = scope->trial;
    return trial->latency.count > 0
               ? ipm_metric_rate(trial->latency.count, trial->elapsed_ns)
               : NAN;
}

/* With a rate they are what was achieved, and messages that go one way have latencies, too. */
double ipm_metric_round_trips(const struct ipm_metric_scope *scope) {
    return ipm_case_connects(scope->subject) || scope->trial->scheduled_ns > 0
               ? NAN
               : metric_latency_rate(scope);
}

double ipm_metric_connections(const struct ipm_metric_scope *scope) {
    return ipm_case_connects(scope->subject) ? metric_latency_rate(scope) : NAN;
}

/* --- instructions: the primary metric where the clock counts them ------------------------ */

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

/* --- rates ------------------------------------------------------------------------------ */

double ipm_metric_offered(const struct ipm_metric_scope *scope) {
    return ipm_metric_rate(scope->trial->scheduled_messages, scope->trial->scheduled_ns);
}

double ipm_metric_achieved(const struct ipm_metric_scope *scope) {
    return scope->trial->scheduled_ns > 0 ? metric_latency_rate(scope) : NAN;
}

double ipm_metric_send_lag(const struct ipm_metric_scope *scope) {
    return ipm_latency_quantile(&scope->trial->send_lag, 0.99);
}

double ipm_metric_service_p50(const struct ipm_metric_scope *scope) {
    return ipm_latency_quantile(&scope->trial->service, 0.5);
}

double ipm_metric_service_p99(const struct ipm_metric_scope *scope) {
    return ipm_latency_quantile(&scope->trial->service, 0.99);
}
