/* fields.c - which member of which struct is which key of the report: version 1 of
 * the contract, in its order. Adding a member is adding a row here, in schema.json and in
 * README.md. What a case consists of is in json/fields_case.c. */
#include "reports/json/fields.h"

#include "model/report/report.h"

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

const struct ipm_json_field ipm_json_fields_tool[] = {
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

const struct ipm_json_field ipm_json_fields_run[] = {
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

static const struct ipm_json_field fields_plugin[] = {
    {FIELD(ipm_json_name, ipm_origin, path)},
    {FIELD(ipm_json_names, ipm_origin, transports)},
    {.key = NULL},
};

static void *fields_add_plugin(void *owner) {
    struct ipm_origins *origins = owner;
    return &origins->items[origins->count++];
}

static const struct ipm_json_rows fields_plugins = {
    .fields = fields_plugin,
    .count_offset = offsetof(struct ipm_origins, count),
    .items_offset = offsetof(struct ipm_origins, items),
    .item_size = sizeof(struct ipm_origin),
    .inlined = true,
    .most = IPM_ORIGINS_MOST,
    .add = fields_add_plugin,
};

static const struct ipm_json_field fields_settings[] = {
    {FIELD(ipm_json_names, ipm_options, transports)},
    {FIELD(ipm_json_rows, ipm_options, plugins), .rows = &fields_plugins},
    {FIELD(ipm_json_names, ipm_options, patterns)},
    {FIELD(ipm_json_sizes, ipm_options, message_bytes), .least = 1},
    {FIELD(ipm_json_names, ipm_options, framings)},
    {FIELD(ipm_json_names, ipm_options, ios)},
    {FIELD(ipm_json_sizes, ipm_options, clients), .least = 1, .most = IPM_CLIENTS_MOST},
    {FIELD(ipm_json_names, ipm_options, servers)},
    {FIELD_AS("batch", ipm_json_uint_or_null, ipm_options, common.batch), .least = 1,
     .most = IPM_BATCH_MOST},
    {FIELD_AS("think_ns", ipm_json_uint, ipm_options, common.think_ns)},
    {FIELD(ipm_json_uint, ipm_options, rounds), .most = IPM_ROUNDS_MOST},
    {FIELD(ipm_json_uint, ipm_options, warmup_rounds), .most = IPM_ROUNDS_MOST},
    {FIELD(ipm_json_uint, ipm_options, duration_ns)},
    {FIELD(ipm_json_uint, ipm_options, timeout_ns)},
    {FIELD_AS("buffer_bytes", ipm_json_uint_or_null, ipm_options, common.buffer_bytes),
     .least = 1},
    {FIELD(ipm_json_choice, ipm_options, recv_rule), .words = fields_recv_words},
    {FIELD_AS("recv_bytes", ipm_json_uint_or_null, ipm_options, common.recv_bytes),
     .least = 1},
    {FIELD(ipm_json_pins, ipm_options, pins)},
    {FIELD(ipm_json_names, ipm_options, congestion)},
    {FIELD_AS("spin", ipm_json_bool, ipm_options, common.spin)},
    {FIELD_AS("copy", ipm_json_bool, ipm_options, common.copy)},
    {FIELD_AS("verify", ipm_json_bool, ipm_options, common.verify)},
    {FIELD(ipm_json_uint, ipm_options, seed), .most = INT64_MAX},
    {.key = NULL},
};

static const struct ipm_json_field fields_reference_round[] = {
    {FIELD(ipm_json_uint, ipm_reference_round, round), .most = IPM_ROUNDS_MOST},
    {FIELD(ipm_json_memcpy_round, ipm_reference_round, memcpy_bytes_per_second)},
    {FIELD(ipm_json_real, ipm_reference_round, null_syscall_ns)},
    {FIELD(ipm_json_real, ipm_reference_round, core_to_core_ns)},
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
    {FIELD(ipm_json_derived_object, ipm_references, core_to_core_ns),
     .fields = ipm_json_fields_statistic},
    {FIELD(ipm_json_derived_object, ipm_references, null_transport_ns_per_message),
     .fields = ipm_json_fields_statistic},
    {FIELD_WHOLE("rounds", ipm_json_rows), .rows = &fields_rounds},
    {.key = NULL},
};

static void *fields_add_case(void *owner) {
    return ipm_report_add_case(owner);
}

static const struct ipm_json_rows fields_cases = {
    .fields = ipm_json_fields_case,
    .count_offset = offsetof(struct ipm_report, case_count),
    .items_offset = offsetof(struct ipm_report, cases),
    .item_size = sizeof(struct ipm_case),
    .most = 10000, /* what a plan may have (model/plan/plan.h) */
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
    {FIELD(ipm_json_object, ipm_report, tool), .fields = ipm_json_fields_tool},
    {FIELD(ipm_json_object, ipm_report, run), .fields = ipm_json_fields_run},
    {FIELD(ipm_json_object, ipm_report, host), .fields = fields_host},
    {FIELD(ipm_json_object, ipm_report, settings), .fields = fields_settings},
    {FIELD(ipm_json_object, ipm_report, references), .fields = fields_references},
    {FIELD_WHOLE("cases", ipm_json_rows), .rows = &fields_cases},
    {FIELD(ipm_json_derived_rows, ipm_report, warnings), .rows = &fields_warnings},
    {FIELD(ipm_json_text, ipm_report, error)},
    {.key = NULL},
};
