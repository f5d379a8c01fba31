/* metric.c - the table of metrics. The function of a row is here too, except those of flows and of
 * latencies (metric_functions.c). Unknown is NaN. */
#include "model/metric_functions.h"

#include "model/report/reference.h"
#include "model/report/report.h"

#include <math.h>
#include <string.h>

static double metric_known(int64_t number) {
    return number < 0 ? NAN : (double)number;
}

static double metric_cpu_ns(const struct ipm_usage *usage) {
    return metric_known(usage->user_ns) + metric_known(usage->system_ns);
}

static double metric_switch_count(const struct ipm_usage *usage) {
    return metric_known(usage->voluntary_switches) +
           metric_known(usage->involuntary_switches);
}

static double metric_throughput(const struct ipm_metric_scope *scope) {
    return ipm_metric_rate(scope->trial->received.bytes, scope->trial->elapsed_ns);
}

static double metric_messages(const struct ipm_metric_scope *scope) {
    return ipm_metric_rate(scope->trial->received.messages, scope->trial->elapsed_ns);
}

static double metric_sender_cpu(const struct ipm_metric_scope *scope) {
    return ipm_metric_divide(metric_cpu_ns(&scope->trial->usage[IPM_SENDER]),
                             (double)scope->trial->sent.messages);
}

static double metric_receiver_cpu(const struct ipm_metric_scope *scope) {
    return ipm_metric_divide(metric_cpu_ns(&scope->trial->usage[IPM_RECEIVER]),
                             (double)scope->trial->received.messages);
}

static double metric_work(int64_t work_ns, uint64_t messages) {
    return work_ns > 0 ? ipm_metric_divide((double)work_ns, (double)messages) : NAN;
}

static double metric_sender_work(const struct ipm_metric_scope *scope) {
    return metric_work(scope->trial->usage[IPM_SENDER].work_ns,
                       scope->trial->sent.messages);
}

static double metric_receiver_work(const struct ipm_metric_scope *scope) {
    return metric_work(scope->trial->usage[IPM_RECEIVER].work_ns,
                       scope->trial->received.messages);
}

static double metric_cpu_per_byte(const struct ipm_metric_scope *scope) {
    const struct ipm_usage *usage = scope->trial->usage;
    return ipm_metric_divide(metric_cpu_ns(&usage[IPM_SENDER]) +
                                 metric_cpu_ns(&usage[IPM_RECEIVER]),
                             (double)scope->trial->received.bytes);
}

/* Limits the value to one CPU. NaN stays NaN. */
static double metric_one_cpu(double busy, bool pinned) {
    return pinned && busy > 1 ? 1 : busy;
}

/* The CPU time of an end is that of its own window, which may begin before the first message is
 * sent: an end that polls would seem to be on more CPUs than it is pinned to. */
static double metric_cpus_busy(const struct ipm_metric_scope *scope) {
    const struct ipm_case_config *config = &scope->subject->config;
    const double ns = (double)scope->trial->elapsed_ns;
    const double sender =
        ipm_metric_divide(metric_cpu_ns(&scope->trial->usage[IPM_SENDER]), ns);
    const double receiver =
        ipm_metric_divide(metric_cpu_ns(&scope->trial->usage[IPM_RECEIVER]), ns);
    const double both = metric_one_cpu(sender, config->sender_cpu >= 0) +
                        metric_one_cpu(receiver, config->receiver_cpu >= 0);
    return metric_one_cpu(both, config->sender_cpu >= 0 &&
                                    config->sender_cpu == config->receiver_cpu);
}

static double metric_calls(const struct ipm_metric_scope *scope) {
    const struct ipm_sample *trial = scope->trial;
    return ipm_metric_divide((double)trial->sent.calls + (double)trial->received.calls,
                             (double)trial->sent.messages);
}

static double metric_switches(const struct ipm_metric_scope *scope) {
    const struct ipm_usage *usage = scope->trial->usage;
    return ipm_metric_divide(metric_switch_count(&usage[IPM_SENDER]) +
                                 metric_switch_count(&usage[IPM_RECEIVER]),
                             (double)scope->trial->sent.messages);
}

static double metric_setup(const struct ipm_metric_scope *scope) {
    return (double)scope->trial->setup_ns;
}

static double metric_loss(const struct ipm_metric_scope *scope) {
    return ipm_metric_divide((double)scope->trial->damage.lost_messages,
                             (double)scope->trial->sent.messages);
}

/* --- ratios ----------------------------------------------------------------------------- */

static double metric_memcpy(const struct ipm_metric_scope *scope) {
    const struct ipm_case *c = scope->subject;
    const struct ipm_reference_round *round =
        ipm_reference_find(scope->references, scope->trial->round);
    if (!round || ipm_case_connects(c))
        return NAN;
    return ipm_metric_divide(
        metric_throughput(scope),
        ipm_reference_memcpy_rate(scope->references, round, c->config.message_bytes));
}

/* Returns the ratio of the throughput to that of another case. Its trial is of the same round, so
 * that drift affects both. */
static double metric_to(const struct ipm_metric_scope *scope,
                        const struct ipm_case *other) {
    const struct ipm_metric_scope theirs = {
        .subject = other,
        .trial = other ? ipm_case_find_trial(other, scope->trial->round) : NULL};
    return theirs.trial && !ipm_case_connects(scope->subject)
               ? ipm_metric_divide(metric_throughput(scope), metric_throughput(&theirs))
               : NAN;
}

static double metric_pipe(const struct ipm_metric_scope *scope) {
    return metric_to(scope, scope->pipe);
}

static double metric_scaling(const struct ipm_metric_scope *scope) {
    return metric_to(scope, scope->one);
}

static double metric_wire(const struct ipm_metric_scope *scope) {
    const struct ipm_wire_use *wire = &scope->trial->wire;
    const double again_bytes = (double)wire->retransmitted_bytes;
    if (!wire->known)
        return NAN;
    return ipm_metric_divide((double)wire->header_bytes + again_bytes,
                             (double)wire->payload_bytes - again_bytes);
}

static double metric_framing(const struct ipm_metric_scope *scope) {
    const char *framing = scope->subject->config.framing;
    if (!framing[0] || strcmp(framing, "none") == 0)
        return NAN;
    return ipm_metric_divide((double)scope->trial->framing_bytes,
                             (double)scope->trial->received.bytes);
}

/* --- the table -------------------------------------------------------------------------- */

#define METRIC_RATE(function)                                                            \
    .of = (function), .scaling = IPM_METRIC_RATE, .more_is_better = true, .least = 1
#define METRIC_TIME(function) .of = (function), .scaling = IPM_METRIC_TIME
#define METRIC_COUNT(function)                                                           \
    .of = (function), .scaling = IPM_METRIC_COUNT, .least = 0.01
/* Of one event of --counters, per message that the side sent or received. */
#define METRIC_COUNTED(role_, side, mode, word_, kernel, about, where)                   \
    {                                                                                    \
        METRIC_COUNT(NULL),                                                              \
            .counted = true, .role = IPM_##role_, .excludes_waits = true,                \
            .counter = 2 * IPM_COUNTER_##word_ + (kernel), .optional = true,             \
            .key = side "_" mode "_" #word_ "_per_message", .unit = #word_ "/message",   \
            .doc = "By --counters: " about " of the " side " " where " per message"      \
    }
/* A time of the trial, as a share of its window. */
#define METRIC_WITHHELD(key_, member, text)                                              \
    {                                                                                    \
        METRIC_COUNT(NULL), .share_offset = offsetof(struct ipm_sample, member),         \
                            .key = (key_), .unit = "ratio", .optional = true,            \
                            .doc = (text)                                                \
    }
#define METRIC_LATENCY(ratio, part, text)                                                \
    .quantile = (ratio), .word = (part), .scaling = IPM_METRIC_TIME,                     \
    .key = "latency_" part "_ns", .unit = "ns", .least = 1, .grows_with_window = true,   \
    .doc = "Latency that " text " did not exceed"

#define METRIC(id, ...) [IPM_METRIC_##id] = {__VA_ARGS__}

/* The least values: one per second, a nanosecond of CPU time, a microsecond of setup, one
 * event per hundred messages. */
const struct ipm_metric ipm_metrics[] = {
    METRIC(THROUGHPUT, METRIC_RATE(metric_throughput), .name = "throughput",
           .key = "throughput_bytes_per_second", .unit = "bytes/s",
           .exact = IPM_METRIC_MESSAGE_INSTRUCTIONS, .ratio_verb = "moved",
           .ratio_amount = "as much", .doc = "Payload received"),
    METRIC(MESSAGES, METRIC_RATE(metric_messages), .name = "messages",
           .key = "messages_per_second", .unit = "messages/s",
           .doc = "Messages received"),
    METRIC(SENDER_CPU, METRIC_TIME(metric_sender_cpu), .name = "sender-cpu",
           .key = "sender_cpu_ns_per_message", .unit = "ns/message", .least = 1,
           .watched = true, .gated = true, .excludes_waits = true,
           .doc = "User and system CPU time of the sender per message sent"),
    METRIC(RECEIVER_CPU, METRIC_TIME(metric_receiver_cpu), .name = "receiver-cpu",
           .key = "receiver_cpu_ns_per_message", .unit = "ns/message", .least = 1,
           .watched = true, .gated = true, .excludes_waits = true,
           .doc = "User and system CPU time of the receiver per message received"),
    METRIC(SENDER_WORK, METRIC_TIME(metric_sender_work),
           .key = "sender_work_ns_per_message", .unit = "ns/message", .least = 1,
           .optional = true, .excludes_waits = true,
           .doc = "What of it was the arithmetic of --work"),
    METRIC(RECEIVER_WORK, METRIC_TIME(metric_receiver_work),
           .key = "receiver_work_ns_per_message", .unit = "ns/message", .least = 1,
           .optional = true, .excludes_waits = true, .doc = "The same of the receiver"),
    METRIC(CPU_PER_BYTE, METRIC_TIME(metric_cpu_per_byte), .name = "cpu-per-byte",
           .key = "cpu_ns_per_byte", .unit = "ns/byte", .least = 0.0001,
           .excludes_waits = true, .doc = "CPU time of both ends per byte received"),
    METRIC(CPUS_BUSY, METRIC_COUNT(metric_cpus_busy), .name = "cpus-busy",
           .key = "cpus_busy_ratio", .unit = "ratio",
           .doc =
               "CPU time of both ends divided by the length of the window, at most the "
               "number of CPUs that they are pinned to"),
    METRIC(CALLS, METRIC_COUNT(metric_calls), .name = "calls", .key = "calls_per_message",
           .unit = "calls/message", .gated = true, .excludes_waits = true, .events = true,
           .doc = "Send and receive calls of both ends per message sent"),
    METRIC(SWITCHES, METRIC_COUNT(metric_switches), .name = "switches",
           .key = "context_switches_per_message", .unit = "switches/message",
           .events = true, .doc = "Context switches of both ends per message sent"),
    METRIC(SETUP, METRIC_TIME(metric_setup), .name = "setup", .key = "setup_ns",
           .unit = "ns", .least = 1000,
           .doc = "Time from opening until both ends are attached"),
    METRIC(LOSS, METRIC_COUNT(metric_loss), .name = "loss", .key = "loss_ratio",
           .unit = "ratio", .doc = "Lost messages divided by sent messages"),
    [IPM_METRIC_SENDER_RUN_DELAY] = METRIC_WITHHELD(
        "sender_run_delay_ratio", usage[IPM_SENDER].run_delay_ns,
        "Time that the sender was runnable and waited for a CPU, over the window"),
    [IPM_METRIC_RECEIVER_RUN_DELAY] = METRIC_WITHHELD(
        "receiver_run_delay_ratio", usage[IPM_RECEIVER].run_delay_ns,
        "Time that the receiver was runnable and waited for a CPU, over the window"),
    [IPM_METRIC_STEAL] = METRIC_WITHHELD("steal_ratio", steal_ns,
                                         "Time that the host took from the CPUs of the "
                                         "ends during the trial, over the window"),
    [IPM_METRIC_THROTTLED] = METRIC_WITHHELD(
        "throttled_ratio", throttled_ns,
        "Time that a CPU quota withheld during the trial, over the window"),
    METRIC(MEMCPY_RATIO, METRIC_COUNT(metric_memcpy), .key = "memcpy_ratio",
           .unit = "ratio", .more_is_better = true, .relative = true,
           .doc = "Throughput divided by that of memcpy in the same round"),
    METRIC(PIPE_RATIO, METRIC_COUNT(metric_pipe), .key = "pipe_ratio", .unit = "ratio",
           .more_is_better = true, .relative = true, .optional = true,
           .doc = "Throughput divided by that of the pipe in the same round"),
    METRIC(WIRE_OVERHEAD, METRIC_COUNT(metric_wire), .key = "wire_overhead_ratio",
           .unit = "ratio", .optional = true,
           .doc = "Bytes of headers and retransmissions divided by payload"),
    METRIC(FRAMING_OVERHEAD, METRIC_COUNT(metric_framing),
           .key = "framing_overhead_ratio", .unit = "ratio", .optional = true,
           .doc = "Bytes of framing divided by payload"),
    METRIC(ROUND_TRIPS, METRIC_RATE(ipm_metric_round_trips), .name = "round-trips",
           .key = "round_trips_per_second", .unit = "round trips/s",
           .exact = IPM_METRIC_ROUND_TRIP_INSTRUCTIONS, .ratio_verb = "made",
           .ratio_amount = "as many round trips", .optional = true,
           .doc = "Completed round trips"),
    METRIC(CONNECTIONS, METRIC_RATE(ipm_metric_connections), .name = "connections",
           .key = "connections_per_second", .unit = "connections/s",
           .exact = IPM_METRIC_CONNECTION_INSTRUCTIONS, .ratio_verb = "made",
           .ratio_amount = "as many connections", .optional = true,
           .doc = "Connections that were made, used and closed"),
    METRIC(MESSAGE_INSTRUCTIONS, METRIC_COUNT(ipm_metric_message_instructions),
           .name = "instructions", .key = "instructions_per_message",
           .unit = "instructions/message", .ratio_verb = "moved",
           .ratio_amount = "as many messages per instruction", .optional = true,
           .doc =
               "Instructions of both ends and of the kernel per message received, where "
               "the clock counts them"),
    METRIC(ROUND_TRIP_INSTRUCTIONS, METRIC_COUNT(ipm_metric_round_trip_instructions),
           .name = "round-trip-instructions", .key = "instructions_per_round_trip",
           .unit = "instructions/round trip", .ratio_verb = "made",
           .ratio_amount = "as many round trips per instruction", .optional = true,
           .doc = "The same per round trip"),
    METRIC(CONNECTION_INSTRUCTIONS, METRIC_COUNT(ipm_metric_connection_instructions),
           .name = "connection-instructions", .key = "instructions_per_connection",
           .unit = "instructions/connection", .ratio_verb = "made",
           .ratio_amount = "as many connections per instruction", .optional = true,
           .doc = "The same per connection"),
    METRIC(FORWARD, METRIC_RATE(ipm_metric_forward), .key = "forward_bytes_per_second",
           .unit = "bytes/s", .optional = true,
           .doc = "Payload from the parent to the child"),
    METRIC(BACKWARD, METRIC_RATE(ipm_metric_backward), .key = "backward_bytes_per_second",
           .unit = "bytes/s", .optional = true,
           .doc = "Payload from the child to the parent"),
    METRIC(CLIENT, METRIC_RATE(ipm_metric_client), .key = "client_bytes_per_second",
           .unit = "bytes/s", .optional = true,
           .doc = "Payload per client or pair, the mean over them"),
    METRIC(FAIRNESS, METRIC_COUNT(ipm_metric_fairness), .key = "fairness_ratio",
           .unit = "ratio", .more_is_better = true, .optional = true,
           .doc = "Jain's index over the rates of the clients or pairs"),
    METRIC(SCALING, METRIC_COUNT(metric_scaling), .key = "scaling_ratio", .unit = "ratio",
           .more_is_better = true, .relative = true, .optional = true,
           .doc =
               "Throughput of all pairs divided by that of one pair in the same round"),
    METRIC(OFFERED, METRIC_RATE(ipm_metric_offered), .key = "offered_per_second",
           .unit = "offered/s", .optional = true,
           .doc = "Messages of the schedule, of all senders together, over its length"),
    METRIC(
        ACHIEVED, METRIC_RATE(ipm_metric_achieved), .name = "achieved",
        .key = "achieved_per_second", .unit = "achieved/s", .optional = true,
        .doc =
            "Messages, or responses, that arrived, in the window of a case with a rate"),
    METRIC(SEND_LAG, METRIC_TIME(ipm_metric_send_lag), .name = "send-lag",
           .key = "send_lag_ns", .unit = "ns", .least = 1, .optional = true,
           .grows_with_window = true,
           .doc = "Time from its schedule that 99 % of the messages were sent within"),
    METRIC(SINCE_SENT_P50, METRIC_TIME(ipm_metric_since_sent_p50), .name = "service-p50",
           .key = "service_p50_ns", .unit = "ns", .least = 1, .optional = true,
           .grows_with_window = true,
           .doc =
               "Time from sending to arrival that half of the messages did not exceed"),
    METRIC(SINCE_SENT_P99, METRIC_TIME(ipm_metric_since_sent_p99), .name = "service-p99",
           .key = "service_p99_ns", .unit = "ns", .least = 1, .optional = true,
           .grows_with_window = true,
           .doc =
               "Time from sending to arrival that 99 % of the messages did not exceed"),
#define COUNTER(word, name, type, event, about)                                          \
    [IPM_METRIC_SENDER_USER_##word] =                                                    \
        METRIC_COUNTED(SENDER, "sender", "user", word, 0, about, "in user space"),       \
    [IPM_METRIC_SENDER_KERNEL_##word] =                                                  \
        METRIC_COUNTED(SENDER, "sender", "kernel", word, 1, about, "in the kernel"),     \
    [IPM_METRIC_RECEIVER_USER_##word] =                                                  \
        METRIC_COUNTED(RECEIVER, "receiver", "user", word, 0, about, "in user space"),   \
    [IPM_METRIC_RECEIVER_KERNEL_##word] =                                                \
        METRIC_COUNTED(RECEIVER, "receiver", "kernel", word, 1, about, "in the kernel"),
#include "base/counters.def"
#undef COUNTER
    METRIC(LATENCY_P50, METRIC_LATENCY(0.5, "p50", "half of them"), .name = "latency-p50",
           .watched = true),
    METRIC(LATENCY_P90, METRIC_LATENCY(0.9, "p90", "90 % of them")),
    METRIC(LATENCY_P99, METRIC_LATENCY(0.99, "p99", "99 % of them"),
           .name = "latency-p99", .watched = true),
    METRIC(LATENCY_P99_9, METRIC_LATENCY(0.999, "p99_9", "99.9 % of them")),
    METRIC(LATENCY_P99_99, METRIC_LATENCY(0.9999, "p99_99", "99.99 % of them")),
};
