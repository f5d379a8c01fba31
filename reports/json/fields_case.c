/* fields_case.c - the keys of a case: its configuration, its trials and derived values. See
 * json/fields.c. */
#include "model/report/report.h"
#include "reports/json/codec.h"

static const struct ipm_json_field rows_counts[] = {
    FIELD(uint, ipm_counts, messages, "Messages."),
    FIELD(uint, ipm_counts, bytes, "Bytes of these messages."),
    FIELD(uint, ipm_counts, calls,
          "Calls of send or receive, including those that moved nothing."),
    FIELD(uint, ipm_counts, partial_calls,
          "Calls that moved fewer bytes than were offered or wanted."),
};
OBJECT(counts, "What one side moved");

#define COUNTED(mode, at, where, about)                                                  \
    {                                                                                    \
        .key = (mode), .codec = &ipm_json_int, .offset = (at) * sizeof(int64_t),         \
        .size = sizeof(int64_t), .doc = "Number of " about " " where "."                 \
    }
static const struct ipm_json_field rows_counted[] = {
#define COUNTER(word, name, type, event, about)                                          \
    COUNTED("user_" #word, 2 * IPM_COUNTER_##word, "in user space", about),              \
        COUNTED("kernel_" #word, 2 * IPM_COUNTER_##word + 1, "in the kernel", about),
#include "base/counters.def"
#undef COUNTER
};
OBJECT_SHARED(
    counted,
    "Events of one end; null: not wanted, or refused: counters_refused says why");

static const struct ipm_json_field rows_usage[] = {
    FIELD(int, ipm_usage, user_ns,
          "CPU time in user space. The sum with system_ns is exact, the split is by "
          "clock tick."),
    FIELD(int, ipm_usage, system_ns, "CPU time in the kernel."),
    FIELD(int, ipm_usage, voluntary_switches, "Context switches because it waited."),
    FIELD(int, ipm_usage, involuntary_switches,
          "Context switches because its time slice ended."),
    FIELD(int, ipm_usage, minor_faults, "Page faults that did not read a disk."),
    FIELD(int, ipm_usage, major_faults, "Page faults that read a disk."),
    FIELD(int, ipm_usage, work_ns,
          "The part of its CPU time spent in the arithmetic of --work, from a "
          "calibration before the window."),
    FIELD(int, ipm_usage, run_delay_ns,
          "Time that it was runnable and waited for a CPU, several processes added up. "
          "null: the kernel hides it, or this end has several threads."),
    FIELD_AS("counters", counted, ipm_usage, counted,
             "Events that --counters counted inside the window. null: none was.",
             .object = &ipm_json_of_counted),
    FIELD(int, ipm_usage, peak_rss_bytes, "Peak resident memory."),
    FIELD(int, ipm_usage, migrations, "Migrations between CPUs."),
    FIELD(int, ipm_usage, first_cpu, "CPU when the window opened."),
    FIELD(int, ipm_usage, last_cpu, "CPU when the window closed."),
};
OBJECT(usage, "What one end used inside the window; null: the kernel does not report it");

static const struct ipm_json_field rows_wire[] = {
    FIELD(uint, ipm_wire_use, segments, "Packets, including pure acknowledgements."),
    FIELD(uint, ipm_wire_use, payload_bytes, "Payload, including retransmissions."),
    FIELD(uint, ipm_wire_use, retransmitted_bytes, "Payload that was sent again."),
    FIELD(uint, ipm_wire_use, header_bytes, "Network and transport headers."),
};
OBJECT(wire, "What both ends put on the wire, as the kernel counts it");

static const struct ipm_json_field rows_flow[] = {
    FIELD(uint, ipm_flow_use, messages, "Received messages."),
    FIELD(uint, ipm_flow_use, bytes, "Bytes of these messages."),
    FIELD(uint, ipm_flow_use, elapsed_ns,
          "From the start of the trial's window to the last byte of this flow.",
          .least = 1),
};
OBJECT(flow, "What was received of one direction or of one client");

/* The four keys of the struct ipm_damage inside a trial or an integrity. */
#define FIELDS_DAMAGE(of)                                                                \
    FIELD_AS("lost_messages", uint, of, damage.lost_messages,                            \
             "Messages that were sent and never received."),                             \
        FIELD_AS("reordered_messages", uint, of, damage.reordered_messages,              \
                 "Messages that were received after a later one."),                      \
        FIELD_AS("duplicated_messages", uint, of, damage.duplicated_messages,            \
                 "Messages that were received again."),                                  \
        FIELD_AS("corrupt_messages", uint, of, damage.corrupt_messages,                  \
                 "Messages that were received with other contents than were sent.")

static const struct ipm_json_field rows_trial[] = {
    FIELD(uint, ipm_sample, round,
          "Round of the trial; 0 is the first timed one. It is above that of the trial "
          "before.",
          .most = IPM_ROUNDS_MOST),
    FIELD(uint, ipm_sample, elapsed_ns,
          "The window: from the first call of any sender to the last byte that any "
          "receiver got.",
          .least = 1),
    FIELD(uint, ipm_sample, setup_ns, "Set-up time until both ends were ready."),
    FIELD_STRUCT(ipm_sample, sent, of_counts,
                 "What was sent, of both directions where messages go both ways."),
    FIELD_STRUCT(ipm_sample, received, of_counts,
                 "What was received, of both directions where messages go both ways. "
                 "Throughput is computed from this. May exceed `sent` if the network "
                 "duplicates messages; lost_messages is not reduced then."),
    FIELDS_DAMAGE(ipm_sample),
    FIELD(truth, ipm_sample, stopped,
          "Whether a process was stopped, or the machine suspended, during the trial, so "
          "that its times are not running times."),
    FIELD(uint, ipm_sample, framing_bytes,
          "Bytes received beyond the payload, which delimit messages; 0 without framing. "
          "received.bytes does not include them."),
    FIELD_STRUCT_AS("sender", ipm_sample, usage[IPM_SENDER], of_usage,
                    "What the sender used inside the window; several clients together."),
    FIELD_STRUCT_AS(
        "receiver", ipm_sample, usage[IPM_RECEIVER], of_usage,
        "What the receiver used inside the window: the child, or the server."),
    FIELD(
        real, ipm_sample, null_syscall_ns,
        "A system call that does nothing, on the CPU of the parent just before and just "
        "after the window: the slower one. It shows how fast the machine was. null: "
        "not measured."),
    FIELD(int, ipm_sample, steal_ns,
          "Time that the host took from the CPUs that the ends were seen on, in steps of "
          "a clock tick, during the whole trial."),
    FIELD(int, ipm_sample, throttled_ns,
          "Time that a CPU quota kept processes of the control group waiting, during the "
          "whole trial."),
    FIELD(maybe, ipm_sample, contended,
          "Whether others took CPU time that this trial needed, by run_delay_ns, "
          "steal_ns and throttled_ns alone. null: they do not tell."),
    FIELD(wire, ipm_sample, wire,
          "What was put on the wire beyond the payload. null: the kernel does not count "
          "it for this transport.",
          .object = &of_wire),
    FIELD_STRUCTS(
        "flows", ipm_sample, flows, flow_count, IPM_CLIENTS_MOST, of_flow,
        "What was received of each direction, client or pair. duplex has two: to the "
        "child, and back. fan-in and fan-in-rpc have one for each client, in "
        "their order; with several pairs each pattern has one for each pair. Others "
        "have none."),
    FIELD_AS(
        "latency_ns", latency, ipm_sample, latency,
        "Latencies of all round trips or connections, of all clients together. With a "
        "rate: of all messages or responses, from the scheduled time of sending to the "
        "arrival. null: there is no rate, and the pattern waits for no responses.",
        .object = &ipm_json_of_latency),
    FIELD_AS("service_ns", latency, ipm_sample, since_sent,
             "The same from the actual time of sending. null: there is no rate.",
             .object = &ipm_json_of_latency),
    FIELD_AS("send_lag_ns", latency, ipm_sample, send_lag,
             "Lateness of the sender: from the scheduled to the actual time of sending. "
             "null: there is no rate.",
             .object = &ipm_json_of_latency),
    FIELD(uint_or_null, ipm_sample, scheduled_messages,
          "Messages of the schedules of all senders. null: there is no rate."),
    FIELD(uint_or_null, ipm_sample, scheduled_ns,
          "Time from the start to the last message of the schedule. null: there is no "
          "rate."),
};
OBJECT_SHARED(trial, "One trial, made by new processes");

static const struct ipm_json_field rows_summary[] = {
    {.make = ipm_json_make_metric},
    FIELD_BEHIND("latency_ns", latency, ipm_case, summary, ipm_summary, latency,
                 "Latencies of all trials, their histograms added up. null: there is no "
                 "rate, and the pattern waits for no responses.",
                 .derived = true, .object = &ipm_json_of_latency_figures),
};
OBJECT(
    summary,
    "Statistics over the timed trials of a case; null: the metric does not apply to it");

static const char *const fields_integrity_words[] = {
    [IPM_INTEGRITY_UNKNOWN] = "",
    [IPM_INTEGRITY_OK] = "ok",
    [IPM_INTEGRITY_LOSSY] = "lossy",
    [IPM_INTEGRITY_CORRUPT] = "corrupt",
    NULL,
};

static const struct ipm_json_field rows_integrity[] = {
    FIELD(uint, ipm_integrity, verified_messages,
          "Messages whose number and contents were checked."),
    FIELD(uint, ipm_integrity, verified_bytes, "Bytes of these messages."),
    FIELDS_DAMAGE(ipm_integrity),
    FIELD_CHOICE(
        ipm_integrity, status, fields_integrity_words,
        "Of the verified run and all trials together. null: nothing was verified.",
        .derived = true),
};
OBJECT(integrity, "What arrived of the verified run");

#define FIELDS_FACTS(word, member, known, ...)                                           \
    FIELD_LIST(word, map, fact, ipm_case, member.items, member.count, IPM_FACTS_MOST,    \
               __VA_ARGS__, .object = &ipm_json_of_##known)

static const struct ipm_json_field rows_endpoints[] = {
    FIELDS_FACTS("sender", endpoint[IPM_SENDER], endpoint, "The sender."),
    FIELDS_FACTS("receiver", endpoint[IPM_RECEIVER], endpoint, "The receiver."),
};
OBJECT(endpoints, "The addresses of the two ends");

static const struct ipm_json_field rows_effective[] = {
    FIELDS_FACTS("sender", settings[IPM_SENDER], effective_facts, "Of the sender."),
    FIELDS_FACTS("receiver", settings[IPM_RECEIVER], effective_facts, "Of the receiver."),
};
OBJECT(effective, "Effective settings, as the kernel granted them");

static json_t *fields_write_plugin(const struct ipm_json_source *source) {
    const struct ipm_case *c = source->at;
    const char *path =
        ipm_origins_path(&source->report->settings.plugins, c->config.transport);
    return path ? ipm_json_mended(path, sizeof((struct ipm_origin *)NULL)->path)
                : json_null(); /* cut as in the settings */
}

static CODEC(plugin, .write = fields_write_plugin, .type = "string", .least = 1,
             .nullable = true);

static json_t *fields_write_saturated(const struct ipm_json_source *source) {
    const struct ipm_case *c = source->at;
    const bool known = ipm_case_summary(c)->metrics[IPM_METRIC_OFFERED].count > 0;
    return known ? json_boolean(ipm_metric_is_saturated(c)) : json_null();
}

static CODEC(saturated, .write = fields_write_saturated, .type = "boolean",
             .nullable = true);

static const struct ipm_json_field rows_case[] = {
    FIELD_AS("name", name, ipm_case, config.name,
             "Unique name: pattern/transport/bytes, then whatever is not default."),
    {.make = ipm_json_make_setting},
    FIELD_WHOLE(
        "plugin", plugin,
        "Path of the shared library that has the transport. null: it is built in.",
        .derived = true),
    FIELD_CHOICE(ipm_case, status, ipm_case_status_words, "Whether there are figures."),
    FIELD(text, ipm_case, reason,
          "Why it failed or was skipped. null if and only if status is ok."),
    FIELD_AS("primary_metric", metric, ipm_case, primary,
             "Key of the primary metric in summary, as the pattern declares it; with a "
             "rate, achieved_per_second."),
    FIELD_WHOLE(
        "saturated", saturated,
        "Whether most trials without contention did not keep up: more than 5 % of the "
        "offered messages were not achieved, because of losses or a growing backlog, or "
        "more than 1 %, and latency grew from the first message to the last. Then the "
        "latencies grow with the length of the window. null: there is no rate.",
        .derived = true),
    FIELD_AS("sender_name", name, ipm_case, ends[IPM_SENDER],
             "What the pattern calls the end that begins: client."),
    FIELD_AS("receiver_name", name, ipm_case, ends[IPM_RECEIVER],
             "What the pattern calls the other end: server."),
    FIELD_STRUCT_WHOLE(
        "endpoints", of_endpoints,
        "The addresses of the two ends, of the last trial that reported them."),
    FIELD_STRUCT_WHOLE(
        "effective", of_effective,
        "Effective settings: what the kernel granted each end, not what was requested."),
    FIELD_STRUCT(ipm_case, integrity, of_integrity,
                 "What arrived of the verified run before the first timed trial."),
    FIELD(uint, ipm_case, repeated_trials,
          "Trials that were dropped and run again, because they were not running all the "
          "time: the program was stopped, or the machine suspended or paused."),
    FIELD_STRUCTS("trials", ipm_case, trials, trial_count, IPM_ROUNDS_MOST,
                  ipm_json_of_trial,
                  "The timed trials in the order of rounds; empty when there were none."),
    FIELD_STRUCT_WHOLE("summary", of_summary, "Statistics over the trials.",
                       .derived = true),
};
OBJECT_SHARED(case, "One case: a combination of settings");
