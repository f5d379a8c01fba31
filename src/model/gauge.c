/* gauge.c - the table of gauges. How a figure is made of a trial is metric.c's. */
#include "model/gauge.h"

#include "model/lead.h"
#include "model/metric.h"

#include <math.h>
#include <string.h>

#define GAUGE_AT(member) .key = #member, .offset = offsetof(struct ipm_summary, member)

/* The least values: a rate of less than one a second, a nanosecond of CPU time a message,
 * a context switch in a hundred messages, one message lost in a hundred. */
const struct ipm_gauge ipm_gauges[] = {
    {.name = "throughput",
     GAUGE_AT(throughput_bytes_per_second),
     .unit = "B/s",
     .more_is_better = true,
     .kind = IPM_GAUGE_RATE,
     .least = 1},
    {.name = "messages",
     GAUGE_AT(messages_per_second),
     .unit = "/s",
     .more_is_better = true,
     .kind = IPM_GAUGE_RATE,
     .least = 1},
    {.name = "round-trips",
     GAUGE_AT(round_trips_per_second),
     .unit = "/s",
     .more_is_better = true,
     .kind = IPM_GAUGE_RATE,
     .least = 1},
    {.name = "connections",
     GAUGE_AT(connections_per_second),
     .unit = "/s",
     .more_is_better = true,
     .kind = IPM_GAUGE_RATE,
     .least = 1},
    {.name = "latency-p50",
     .key = "latency_p50_ns",
     .unit = "ns",
     .kind = IPM_GAUGE_TIME,
     .least = 1,
     .quantile = 0.5},
    {.name = "latency-p99",
     .key = "latency_p99_ns",
     .unit = "ns",
     .kind = IPM_GAUGE_TIME,
     .least = 1,
     .quantile = 0.99},
    {.name = "sender-cpu",
     GAUGE_AT(sender_cpu_ns_per_message),
     .unit = "ns",
     .kind = IPM_GAUGE_TIME,
     .least = 1},
    {.name = "receiver-cpu",
     GAUGE_AT(receiver_cpu_ns_per_message),
     .unit = "ns",
     .kind = IPM_GAUGE_TIME,
     .least = 1},
    {.name = "cpu-per-byte",
     GAUGE_AT(cpu_ns_per_byte),
     .unit = "ns",
     .kind = IPM_GAUGE_TIME,
     .least = 0.0001},
    {.name = "setup",
     GAUGE_AT(setup_ns),
     .unit = "ns",
     .kind = IPM_GAUGE_TIME,
     .least = 1000},
    {.name = "calls",
     GAUGE_AT(calls_per_message),
     .unit = "/message",
     .kind = IPM_GAUGE_COUNT,
     .least = 0.01},
    {.name = "switches",
     GAUGE_AT(context_switches_per_message),
     .unit = "/message",
     .kind = IPM_GAUGE_COUNT,
     .least = 0.01},
    {.name = "loss",
     GAUGE_AT(loss_ratio),
     .unit = "",
     .kind = IPM_GAUGE_COUNT,
     .least = 0.01},
    {0},
};

const struct ipm_gauge *ipm_gauge_find(const char *name) {
    for (const struct ipm_gauge *gauge = ipm_gauges; gauge->name; gauge++)
        if (strcmp(gauge->name, name) == 0)
            return gauge;
    return NULL;
}

const struct ipm_gauge *ipm_gauge_lead(const struct ipm_case *c) {
    const struct ipm_statistic *lead = ipm_lead_of(&c->summary);
    const size_t offset = (size_t)((const char *)lead - (const char *)&c->summary);
    const struct ipm_gauge *gauge = ipm_gauges;
    while (gauge->quantile > 0 || gauge->offset != offset)
        gauge++;
    return gauge;
}

double ipm_gauge_of_trial(const struct ipm_gauge *gauge,
                          const struct ipm_references *references,
                          const struct ipm_case *c, size_t trial) {
    const struct ipm_metric_scope scope = {.references = references, .subject = c};
    const double value =
        gauge->quantile > 0
            ? ipm_latency_quantile(&c->trials[trial].latency, gauge->quantile)
            : ipm_metric_of_trial(&scope, gauge->offset, trial);
    return value < gauge->least ? gauge->least : value;
}

bool ipm_gauge_is_chosen(const struct ipm_gauge_choice *choice,
                         const struct ipm_gauge *gauge, const struct ipm_case *c) {
    return choice->chosen[gauge - ipm_gauges] ||
           (choice->lead && gauge == ipm_gauge_lead(c));
}
