/* json_fields.c - which member of which struct is which key of the report: version 1 of
 * the contract, in its order. Adding a member is adding a row here, in schema.json and in
 * README.md. */
#include "model/report.h"
#include "reports/json_codec.h"

#define MEMBER_SIZE(of, member) sizeof(((struct of *)0)->member)

/* A member under a key of another name, and one whose key is its own name. */
#define FIELD_AS(word, kind, of, member)                                                 \
    .key = (word), .codec = &(kind), .offset = offsetof(struct of, member),              \
    .size = MEMBER_SIZE(of, member)
#define FIELD(kind, of, member) FIELD_AS(#member, kind, of, member)

/* A field that is worked out of several members of its owner. */
#define FIELD_WHOLE(word, kind) .key = (word), .codec = &(kind), .offset = 0

const struct ipm_json_field ipm_json_fields_statistic[] = {
    {FIELD(ipm_json_real, ipm_statistic, median)},
    {FIELD(ipm_json_real, ipm_statistic, ci95_low)},
    {FIELD(ipm_json_real, ipm_statistic, ci95_high)},
    {FIELD(ipm_json_real, ipm_statistic, mean)},
    {FIELD(ipm_json_real, ipm_statistic, stddev)},
    {FIELD(ipm_json_real, ipm_statistic, min)},
    {FIELD(ipm_json_real, ipm_statistic, max)},
    {FIELD(ipm_json_derived_count, ipm_statistic, count)},
    {.key = NULL},
};

static const struct ipm_json_field fields_tool[] = {
    {FIELD(ipm_json_name, ipm_tool, name)},
    {FIELD(ipm_json_text, ipm_tool, version)},
    {FIELD(ipm_json_text, ipm_tool, commit)},
    {FIELD(ipm_json_text, ipm_tool, compiler)},
    {FIELD(ipm_json_text, ipm_tool, build_type)},
    {.key = NULL},
};

static const char *const fields_run_words[] = {
    [IPM_RUN_COMPLETE] = "complete",
    [IPM_RUN_INTERRUPTED] = "interrupted",
    [IPM_RUN_FAILED] = "failed",
    NULL,
};

static const struct ipm_json_field fields_run[] = {
    {FIELD(ipm_json_text, ipm_run_info, started_at)},
    {FIELD(ipm_json_uint, ipm_run_info, elapsed_ns)},
    {FIELD(ipm_json_choice, ipm_run_info, status), .words = fields_run_words},
    {FIELD(ipm_json_command, ipm_run_info, command)},
    {FIELD(ipm_json_uint, ipm_run_info, seed), .most = INT64_MAX},
    {.key = NULL},
};

static const struct ipm_json_field fields_limits[] = {
    {FIELD(ipm_json_int, ipm_host, pipe_max_bytes)},
    {FIELD(ipm_json_int, ipm_host, so_sndbuf_max_bytes)},
    {FIELD(ipm_json_int, ipm_host, so_rcvbuf_max_bytes)},
    {FIELD(ipm_json_int, ipm_host, open_files_max)},
    {FIELD(ipm_json_int, ipm_host, processes_max)},
    {.key = NULL},
};

static const struct ipm_json_field fields_host[] = {
    {FIELD(ipm_json_text, ipm_host, hostname)},
    {FIELD(ipm_json_text, ipm_host, os)},
    {FIELD(ipm_json_text, ipm_host, kernel)},
    {FIELD(ipm_json_text, ipm_host, architecture)},
    {FIELD(ipm_json_text, ipm_host, cpu_model)},
    {FIELD(ipm_json_int, ipm_host, cpus_online)},
    {FIELD(ipm_json_int, ipm_host, cpus_allowed)},
    {FIELD(ipm_json_int, ipm_host, memory_bytes)},
    {FIELD(ipm_json_text, ipm_host, virtualization)},
    {FIELD(ipm_json_text, ipm_host, governor)},
    {FIELD(ipm_json_text, ipm_host, turbo)},
    {FIELD(ipm_json_text, ipm_host, smt)},
    {FIELD(ipm_json_mitigations, ipm_host, mitigations)},
    {FIELD(ipm_json_real, ipm_host, load_1m)},
    {FIELD(ipm_json_text, ipm_host, clocksource)},
    {FIELD(ipm_json_text, ipm_host, congestion)},
    {FIELD_WHOLE("limits", ipm_json_object), .fields = fields_limits},
    {.key = NULL},
};

static const char *const fields_recv_words[] = {
    [IPM_RECV_LARGER] = "larger",
    [IPM_RECV_MESSAGE] = "message",
    [IPM_RECV_BYTES] = "bytes",
    NULL,
};

static const struct ipm_json_field fields_settings[] = {
    {FIELD(ipm_json_names, ipm_options, transports)},
    {FIELD(ipm_json_names, ipm_options, patterns)},
    {FIELD(ipm_json_sizes, ipm_options, message_bytes), .least = 1},
    {FIELD(ipm_json_uint, ipm_options, rounds), .most = IPM_ROUNDS_MOST},
    {FIELD(ipm_json_uint, ipm_options, warmup_rounds), .most = IPM_ROUNDS_MOST},
    {FIELD(ipm_json_uint, ipm_options, duration_ns)},
    {FIELD(ipm_json_uint, ipm_options, timeout_ns)},
    {FIELD(ipm_json_uint_or_null, ipm_options, buffer_bytes), .least = 1},
    {FIELD(ipm_json_choice, ipm_options, recv_rule), .words = fields_recv_words},
    {FIELD(ipm_json_uint_or_null, ipm_options, recv_bytes), .least = 1},
    {FIELD(ipm_json_pins, ipm_options, pins)},
    {FIELD(ipm_json_names, ipm_options, congestion)},
    {FIELD(ipm_json_bool, ipm_options, spin)},
    {FIELD(ipm_json_bool, ipm_options, verify)},
    {FIELD(ipm_json_uint, ipm_options, seed), .most = INT64_MAX},
    {.key = NULL},
};

static const struct ipm_json_field fields_reference_round[] = {
    {FIELD(ipm_json_uint, ipm_reference_round, round), .most = IPM_ROUNDS_MOST},
    {FIELD(ipm_json_memcpy_round, ipm_reference_round, memcpy_bytes_per_second)},
    {FIELD(ipm_json_real, ipm_reference_round, null_syscall_ns)},
    {FIELD(ipm_json_real, ipm_reference_round, null_transport_ns_per_message)},
    {.key = NULL},
};

static void *fields_add_round(void *owner) {
    return ipm_references_add_round(owner);
}

static const struct ipm_json_rows fields_rounds = {
    .fields = fields_reference_round,
    .count_offset = offsetof(struct ipm_references, count),
    .items_offset = offsetof(struct ipm_references, rounds),
    .item_size = sizeof(struct ipm_reference_round),
    .most = IPM_ROUNDS_MOST,
    .add = fields_add_round,
};

/* The sizes are read first: each round has one entry for each of them. */
static const struct ipm_json_field fields_references[] = {
    {FIELD(ipm_json_memcpy, ipm_references, memcpy_bytes_per_second),
     .fields = ipm_json_fields_statistic},
    {FIELD(ipm_json_derived_object, ipm_references, null_syscall_ns),
     .fields = ipm_json_fields_statistic},
    {FIELD(ipm_json_derived_object, ipm_references, null_transport_ns_per_message),
     .fields = ipm_json_fields_statistic},
    {FIELD_WHOLE("rounds", ipm_json_rows), .rows = &fields_rounds},
    {.key = NULL},
};

static const struct ipm_json_field fields_counts[] = {
    {FIELD(ipm_json_uint, ipm_counts, messages)},
    {FIELD(ipm_json_uint, ipm_counts, bytes)},
    {FIELD(ipm_json_uint, ipm_counts, calls)},
    {FIELD(ipm_json_uint, ipm_counts, partial_calls)},
    {.key = NULL},
};

static const struct ipm_json_field fields_usage[] = {
    {FIELD(ipm_json_int, ipm_usage, user_ns)},
    {FIELD(ipm_json_int, ipm_usage, system_ns)},
    {FIELD(ipm_json_int, ipm_usage, voluntary_switches)},
    {FIELD(ipm_json_int, ipm_usage, involuntary_switches)},
    {FIELD(ipm_json_int, ipm_usage, minor_faults)},
    {FIELD(ipm_json_int, ipm_usage, major_faults)},
    {FIELD(ipm_json_int, ipm_usage, peak_rss_bytes)},
    {FIELD(ipm_json_int, ipm_usage, migrations)},
    {FIELD(ipm_json_int, ipm_usage, first_cpu)},
    {FIELD(ipm_json_int, ipm_usage, last_cpu)},
    {.key = NULL},
};

static const struct ipm_json_field fields_wire[] = {
    {FIELD(ipm_json_uint, ipm_wire_use, segments)},
    {FIELD(ipm_json_uint, ipm_wire_use, payload_bytes)},
    {FIELD(ipm_json_uint, ipm_wire_use, retransmitted_bytes)},
    {FIELD(ipm_json_uint, ipm_wire_use, header_bytes)},
    {.key = NULL},
};

/* The four keys of the struct ipm_damage inside a trial or an integrity. */
#define FIELDS_DAMAGE(of)                                                                \
    {FIELD_AS("lost_messages", ipm_json_uint, of, damage.lost_messages)},                \
        {FIELD_AS("reordered_messages", ipm_json_uint, of, damage.reordered_messages)},  \
        {FIELD_AS("duplicated_messages", ipm_json_uint, of,                              \
                  damage.duplicated_messages)},                                          \
    {                                                                                    \
        FIELD_AS("corrupt_messages", ipm_json_uint, of, damage.corrupt_messages)         \
    }

static const struct ipm_json_field fields_trial[] = {
    {FIELD(ipm_json_uint, ipm_sample, round), .most = IPM_ROUNDS_MOST},
    {FIELD(ipm_json_uint, ipm_sample, elapsed_ns)},
    {FIELD(ipm_json_uint, ipm_sample, setup_ns)},
    {FIELD(ipm_json_object, ipm_sample, sent), .fields = fields_counts},
    {FIELD(ipm_json_object, ipm_sample, received), .fields = fields_counts},
    FIELDS_DAMAGE(ipm_sample),
    {FIELD_AS("sender", ipm_json_object, ipm_sample, usage[IPM_SENDER]),
     .fields = fields_usage},
    {FIELD_AS("receiver", ipm_json_object, ipm_sample, usage[IPM_RECEIVER]),
     .fields = fields_usage},
    {FIELD(ipm_json_wire, ipm_sample, wire), .fields = fields_wire},
    {FIELD_WHOLE("latency_ns", ipm_json_null)},
    {.key = NULL},
};

static void *fields_add_trial(void *owner) {
    return ipm_case_add_trial(owner);
}

static const struct ipm_json_rows fields_trials = {
    .fields = fields_trial,
    .count_offset = offsetof(struct ipm_case, trial_count),
    .items_offset = offsetof(struct ipm_case, trials),
    .item_size = sizeof(struct ipm_sample),
    .most = IPM_ROUNDS_MOST,
    .add = fields_add_trial,
};

#define FIELD_STATISTIC(member)                                                          \
    {                                                                                    \
        FIELD(ipm_json_derived_object, ipm_summary, member),                             \
            .fields = ipm_json_fields_statistic                                          \
    }
#define FIELD_STATISTIC_OR_NULL(member)                                                  \
    {                                                                                    \
        FIELD(ipm_json_derived_statistic_or_null, ipm_summary, member),                  \
            .fields = ipm_json_fields_statistic                                          \
    }

static const struct ipm_json_field fields_summary[] = {
    FIELD_STATISTIC(throughput_bytes_per_second),
    FIELD_STATISTIC(messages_per_second),
    FIELD_STATISTIC(sender_cpu_ns_per_message),
    FIELD_STATISTIC(receiver_cpu_ns_per_message),
    FIELD_STATISTIC(cpu_ns_per_byte),
    FIELD_STATISTIC(calls_per_message),
    FIELD_STATISTIC(context_switches_per_message),
    FIELD_STATISTIC(setup_ns),
    FIELD_STATISTIC(loss_ratio),
    FIELD_STATISTIC(memcpy_ratio),
    FIELD_STATISTIC_OR_NULL(pipe_ratio),
    FIELD_STATISTIC_OR_NULL(wire_overhead_ratio),
    {FIELD_WHOLE("latency_ns", ipm_json_derived_null)},
    {.key = NULL},
};

static const char *const fields_integrity_words[] = {
    [IPM_INTEGRITY_UNKNOWN] = "",
    [IPM_INTEGRITY_OK] = "ok",
    [IPM_INTEGRITY_LOSSY] = "lossy",
    [IPM_INTEGRITY_CORRUPT] = "corrupt",
    NULL,
};

static const struct ipm_json_field fields_integrity[] = {
    {FIELD(ipm_json_uint, ipm_integrity, verified_messages)},
    {FIELD(ipm_json_uint, ipm_integrity, verified_bytes)},
    FIELDS_DAMAGE(ipm_integrity),
    {FIELD(ipm_json_derived_choice, ipm_integrity, status),
     .words = fields_integrity_words},
    {.key = NULL},
};

static const struct ipm_json_field fields_endpoints[] = {
    {FIELD_AS("sender", ipm_json_facts, ipm_case, endpoint[IPM_SENDER])},
    {FIELD_AS("receiver", ipm_json_facts, ipm_case, endpoint[IPM_RECEIVER])},
    {.key = NULL},
};

static const struct ipm_json_field fields_effective[] = {
    {FIELD_AS("sender", ipm_json_facts, ipm_case, settings[IPM_SENDER])},
    {FIELD_AS("receiver", ipm_json_facts, ipm_case, settings[IPM_RECEIVER])},
    {.key = NULL},
};

static const char *const fields_case_words[] = {
    [IPM_CASE_OK] = "ok",
    [IPM_CASE_FAILED] = "failed",
    [IPM_CASE_SKIPPED] = "skipped",
    NULL,
};

#define FIELD_CONFIG(word, kind) FIELD_AS(#word, kind, ipm_case, config.word)

static const struct ipm_json_field fields_case[] = {
    {FIELD_CONFIG(name, ipm_json_name)},
    {FIELD_CONFIG(transport, ipm_json_name)},
    {FIELD_CONFIG(pattern, ipm_json_name)},
    {FIELD_CONFIG(message_bytes, ipm_json_uint), .least = 1},
    {FIELD_CONFIG(framing, ipm_json_name)},
    {FIELD_CONFIG(clients, ipm_json_uint), .least = 1},
    {FIELD_CONFIG(server, ipm_json_text)},
    {FIELD_CONFIG(batch, ipm_json_uint), .least = 1},
    {FIELD_CONFIG(buffer_bytes, ipm_json_uint_or_null), .least = 1},
    {FIELD_CONFIG(recv_bytes, ipm_json_uint)},
    {FIELD_CONFIG(congestion, ipm_json_text)},
    {FIELD_CONFIG(pin, ipm_json_name)},
    {FIELD_CONFIG(sender_cpu, ipm_json_int)},
    {FIELD_CONFIG(receiver_cpu, ipm_json_int)},
    {FIELD_CONFIG(spin, ipm_json_bool)},
    {FIELD_CONFIG(verify, ipm_json_bool)},
    {FIELD(ipm_json_choice, ipm_case, status), .words = fields_case_words},
    {FIELD(ipm_json_text, ipm_case, reason)},
    {FIELD_WHOLE("endpoints", ipm_json_object), .fields = fields_endpoints},
    {FIELD_WHOLE("effective", ipm_json_object), .fields = fields_effective},
    {FIELD(ipm_json_object, ipm_case, integrity), .fields = fields_integrity},
    {FIELD_WHOLE("trials", ipm_json_rows), .rows = &fields_trials},
    {FIELD(ipm_json_derived_object, ipm_case, summary), .fields = fields_summary},
    {.key = NULL},
};

static void *fields_add_case(void *owner) {
    return ipm_report_add_case(owner);
}

static const struct ipm_json_rows fields_cases = {
    .fields = fields_case,
    .count_offset = offsetof(struct ipm_report, case_count),
    .items_offset = offsetof(struct ipm_report, cases),
    .item_size = sizeof(struct ipm_case),
    .most = 10000, /* what a plan may have (model/plan.h) */
    .add = fields_add_case,
};

static const struct ipm_json_field fields_warning[] = {
    {FIELD(ipm_json_name, ipm_warning, code)},
    {FIELD(ipm_json_name, ipm_warning, message)},
    {FIELD(ipm_json_text, ipm_warning, advice)},
    {.key = NULL},
};

static const struct ipm_json_rows fields_warnings = {
    .fields = fields_warning,
    .count_offset = offsetof(struct ipm_warnings, count),
    .items_offset = offsetof(struct ipm_warnings, items),
    .item_size = sizeof(struct ipm_warning),
    .inlined = true,
};

const struct ipm_json_field ipm_json_fields_report[] = {
    {FIELD(ipm_json_object, ipm_report, tool), .fields = fields_tool},
    {FIELD(ipm_json_object, ipm_report, run), .fields = fields_run},
    {FIELD(ipm_json_object, ipm_report, host), .fields = fields_host},
    {FIELD(ipm_json_object, ipm_report, settings), .fields = fields_settings},
    {FIELD(ipm_json_object, ipm_report, references), .fields = fields_references},
    {FIELD_WHOLE("cases", ipm_json_rows), .rows = &fields_cases},
    {FIELD(ipm_json_derived_rows, ipm_report, warnings), .rows = &fields_warnings},
    {FIELD(ipm_json_text, ipm_report, error)},
    {.key = NULL},
};
