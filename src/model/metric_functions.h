/* metric_functions.h - functions of rows of the table of metrics. For this folder only. Each returns
 * the value of a trial, or NaN where it has none. */
#ifndef IPM_MODEL_METRIC_FUNCTIONS_H
#define IPM_MODEL_METRIC_FUNCTIONS_H

#include "model/metric.h"
#include "model/report/report.h"

#include <math.h>

static inline double ipm_metric_divide(double part, double whole) {
    return whole > 0 ? part / whole : NAN;
}

static inline double ipm_metric_rate(uint64_t count, uint64_t elapsed_ns) {
    return ipm_metric_divide((double)count * 1e9, (double)elapsed_ns);
}

/* metric_latency.c: of round trips, connections, and messages that were sent at a rate. */
double ipm_metric_round_trips(const struct ipm_metric_scope *scope);
double ipm_metric_connections(const struct ipm_metric_scope *scope);
double ipm_metric_message_instructions(const struct ipm_metric_scope *scope);
double ipm_metric_round_trip_instructions(const struct ipm_metric_scope *scope);
double ipm_metric_connection_instructions(const struct ipm_metric_scope *scope);
double ipm_metric_offered(const struct ipm_metric_scope *scope);
double ipm_metric_achieved(const struct ipm_metric_scope *scope);
double ipm_metric_send_lag(const struct ipm_metric_scope *scope);
double ipm_metric_service_p50(const struct ipm_metric_scope *scope);
double ipm_metric_service_p99(const struct ipm_metric_scope *scope);

/* metric_flow.c: of the clients of a server, and of the directions of duplex. */
double ipm_metric_forward(const struct ipm_metric_scope *scope);
double ipm_metric_backward(const struct ipm_metric_scope *scope);
double ipm_metric_client(const struct ipm_metric_scope *scope);
double ipm_metric_fairness(const struct ipm_metric_scope *scope);

#endif
