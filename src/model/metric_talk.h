/* metric_talk.h - the figures of patterns that do more than stream one way. For metric.c
 * only. */
#ifndef IPM_MODEL_METRIC_TALK_H
#define IPM_MODEL_METRIC_TALK_H

#include "model/metric.h"

#include <stdbool.h>

/* Each makes one figure from the trial with that index; NaN where the case has none. */
double ipm_metric_framing(const struct ipm_metric_scope *scope, size_t trial);
double ipm_metric_round_trips(const struct ipm_metric_scope *scope, size_t trial);
double ipm_metric_connections(const struct ipm_metric_scope *scope, size_t trial);
double ipm_metric_forward(const struct ipm_metric_scope *scope, size_t trial);
double ipm_metric_backward(const struct ipm_metric_scope *scope, size_t trial);
double ipm_metric_client(const struct ipm_metric_scope *scope, size_t trial);
double ipm_metric_fairness(const struct ipm_metric_scope *scope, size_t trial);

/* Whether the case makes connections: then there is no stream to compare with another. */
bool ipm_metric_connects(const struct ipm_case *c);

#endif
