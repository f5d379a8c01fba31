/* metric_functions.h - functions that metric_functions.c has for rows of the table in metric.c. Private
 * to this folder. Each returns the value of a trial, or NaN where the trial has none. */
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

/* Of round trips, connections, and messages that were sent at a rate. */
ipm_metric_of ipm_metric_round_trips, ipm_metric_connections,
    ipm_metric_message_instructions, ipm_metric_round_trip_instructions,
    ipm_metric_connection_instructions, ipm_metric_offered, ipm_metric_achieved,
    ipm_metric_send_lag, ipm_metric_since_sent_p50, ipm_metric_since_sent_p99;

/* Of the clients of a server, and of the directions of duplex. */
ipm_metric_of ipm_metric_forward, ipm_metric_backward, ipm_metric_client,
    ipm_metric_fairness;

#endif
