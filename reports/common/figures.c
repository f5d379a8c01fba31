/* figures.c - the table of figures, in the order of the report's summary; see figures.h.
 * Every value is the report's. */
#include "reports/common/figures.h"

#include "model/lead.h"
#include "model/report/report.h"

#include <math.h>

#define FIGURE(member) .name = #member, .offset = offsetof(struct ipm_summary, member)
#define FIGURE_LATENCY(word, share, text)                                                \
    .name = "latency_" word "_ns", .family = "latency_" word "_seconds",                 \
    .ratio = (share), .unit = "ns", .scale = 1e-9, .meaning = text

const struct ipm_figure ipm_figures[] = {
    {FIGURE(throughput_bytes_per_second), .unit = "bytes/s", .scale = 1,
     .family = "throughput_bytes_per_second", .larger_is_better = true,
     .weight = IPM_FIGURE_LEAD, .meaning = "Payload that the receivers got"},
    {FIGURE(messages_per_second), .unit = "messages/s", .scale = 1,
     .family = "messages_per_second", .larger_is_better = true,
     .meaning = "Messages that the receivers got"},
    {FIGURE(sender_cpu_ns_per_message), .unit = "ns/message", .scale = 1e-9,
     .family = "sender_cpu_seconds_per_message", .weight = IPM_FIGURE_WATCHED,
     .meaning = "User and system CPU time of the sender by message sent"},
    {FIGURE(receiver_cpu_ns_per_message), .unit = "ns/message", .scale = 1e-9,
     .family = "receiver_cpu_seconds_per_message", .weight = IPM_FIGURE_WATCHED,
     .meaning = "User and system CPU time of the receiver by message received"},
    {FIGURE(cpu_ns_per_byte), .unit = "ns/byte", .scale = 1e-9,
     .family = "cpu_seconds_per_byte",
     .meaning = "CPU time of both ends by byte received"},
    {FIGURE(calls_per_message), .unit = "calls/message", .scale = 1,
     .family = "calls_per_message",
     .meaning = "Send and receive calls of both ends by message sent"},
    {FIGURE(context_switches_per_message), .unit = "switches/message", .scale = 1,
     .family = "context_switches_per_message",
     .meaning = "Context switches of both ends by message sent"},
    {FIGURE(setup_ns), .unit = "ns", .scale = 1e-9, .family = "setup_seconds",
     .meaning = "From opening to both ends attached"},
    {FIGURE(loss_ratio), .unit = "ratio", .scale = 1, .family = "loss_ratio",
     .meaning = "Messages lost by messages sent"},
    {FIGURE(memcpy_ratio), .unit = "ratio", .scale = 1, .family = "memcpy_ratio",
     .larger_is_better = true,
     .meaning = "Throughput by that of memcpy in the same round"},
    {FIGURE(pipe_ratio), .unit = "ratio", .scale = 1, .family = "pipe_ratio",
     .larger_is_better = true,
     .meaning = "Throughput by that of the pipe in the same round"},
    {FIGURE(wire_overhead_ratio), .unit = "ratio", .scale = 1,
     .family = "wire_overhead_ratio", .meaning = "Headers and repeats by payload"},
    {FIGURE(framing_overhead_ratio), .unit = "ratio", .scale = 1,
     .family = "framing_overhead_ratio", .meaning = "Bytes of framing by payload"},
    {FIGURE(round_trips_per_second), .unit = "round trips/s", .scale = 1,
     .family = "round_trips_per_second", .larger_is_better = true,
     .weight = IPM_FIGURE_LEAD, .meaning = "Requests that were answered"},
    {FIGURE(connections_per_second), .unit = "connections/s", .scale = 1,
     .family = "connections_per_second", .larger_is_better = true,
     .weight = IPM_FIGURE_LEAD, .meaning = "Connections made, used and closed"},
    {FIGURE(forward_bytes_per_second), .unit = "bytes/s", .scale = 1,
     .family = "forward_bytes_per_second", .larger_is_better = true,
     .meaning = "Payload from the parent to the child"},
    {FIGURE(backward_bytes_per_second), .unit = "bytes/s", .scale = 1,
     .family = "backward_bytes_per_second", .larger_is_better = true,
     .meaning = "Payload from the child to the parent"},
    {FIGURE(client_bytes_per_second), .unit = "bytes/s", .scale = 1,
     .family = "client_bytes_per_second", .larger_is_better = true,
     .meaning = "Payload of one client, the mean over the clients"},
    {FIGURE(fairness_ratio), .unit = "ratio", .scale = 1, .family = "fairness_ratio",
     .larger_is_better = true, .meaning = "Jain's index over the rates of the clients"},
    {FIGURE_LATENCY("p50", 0.5, "Latency that half of the answers kept to"),
     .weight = IPM_FIGURE_WATCHED},
    {FIGURE_LATENCY("p90", 0.9, "Latency that 90 % of the answers kept to")},
    {FIGURE_LATENCY("p99", 0.99, "Latency that 99 % of the answers kept to"),
     .weight = IPM_FIGURE_WATCHED},
    {FIGURE_LATENCY("p99_9", 0.999, "Latency that 99.9 % of the answers kept to")},
    {FIGURE_LATENCY("p99_99", 0.9999, "Latency that 99.99 % of the answers kept to")},
    {.name = NULL},
};

static const struct ipm_statistic *figure_place(const struct ipm_figure *figure,
                                                const struct ipm_case *c) {
    const char *summary = (const char *)&c->summary;
    return (const struct ipm_statistic *)(const void *)(summary + figure->offset);
}

static struct ipm_statistic figure_quantile(const struct ipm_figure *figure,
                                            const struct ipm_latency *latency) {
    return (struct ipm_statistic){.median = ipm_latency_quantile(latency, figure->ratio),
                                  .ci95_low = NAN,
                                  .ci95_high = NAN,
                                  .mean = NAN,
                                  .stddev = NAN,
                                  .min = NAN,
                                  .max = NAN,
                                  .count = latency->count};
}

bool ipm_figure_of(const struct ipm_figure *figure, const struct ipm_case *c,
                   struct ipm_statistic *ret_statistic) {
    if (c->status != IPM_CASE_OK)
        return false;
    const struct ipm_statistic found = figure->ratio > 0
                                           ? figure_quantile(figure, &c->summary.latency)
                                           : *figure_place(figure, c);
    if (found.count == 0 || !isfinite(found.median))
        return false;
    *ret_statistic = found;
    return true;
}

bool ipm_figure_is_watched(const struct ipm_figure *figure, const struct ipm_case *c) {
    if (figure->weight == IPM_FIGURE_LEAD)
        return figure_place(figure, c) == ipm_lead_of(&c->summary);
    return figure->weight == IPM_FIGURE_WATCHED;
}
