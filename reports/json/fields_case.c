/* fields_case.c - which member is which key of a case: its configuration, its trials
 * and what follows from them. See json/fields.c. */
#include "reports/json/fields.h"

#include "model/report/report.h"

#include <stdlib.h>
#include <string.h>

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

static const struct ipm_json_field fields_flow[] = {
    {FIELD(ipm_json_uint, ipm_flow_use, messages)},
    {FIELD(ipm_json_uint, ipm_flow_use, bytes)},
    {FIELD(ipm_json_uint, ipm_flow_use, elapsed_ns)},
    {.key = NULL},
};

static void *fields_add_flow(void *owner) {
    struct ipm_sample *trial = owner;
    struct ipm_flow_use *flows =
        reallocarray(trial->flows, trial->flow_count + 1, sizeof *flows);
    if (flows == NULL) {
        return NULL;
    }
    trial->flows = flows;
    flows[trial->flow_count] = (struct ipm_flow_use){0};
    return &flows[trial->flow_count++];
}

static const struct ipm_json_rows fields_flows = {
    .fields = fields_flow,
    .count_offset = offsetof(struct ipm_sample, flow_count),
    .items_offset = offsetof(struct ipm_sample, flows),
    .item_size = sizeof(struct ipm_flow_use),
    .most = IPM_CLIENTS_MOST,
    .add = fields_add_flow,
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

const struct ipm_json_field ipm_json_fields_trial[] = {
    {FIELD(ipm_json_uint, ipm_sample, round), .most = IPM_ROUNDS_MOST},
    {FIELD(ipm_json_uint, ipm_sample, elapsed_ns)},
    {FIELD(ipm_json_uint, ipm_sample, setup_ns)},
    {FIELD(ipm_json_object, ipm_sample, sent), .fields = fields_counts},
    {FIELD(ipm_json_object, ipm_sample, received), .fields = fields_counts},
    FIELDS_DAMAGE(ipm_sample),
    {FIELD(ipm_json_uint, ipm_sample, framing_bytes)},
    {FIELD_AS("sender", ipm_json_object, ipm_sample, usage[IPM_SENDER]),
     .fields = fields_usage},
    {FIELD_AS("receiver", ipm_json_object, ipm_sample, usage[IPM_RECEIVER]),
     .fields = fields_usage},
    {FIELD(ipm_json_wire, ipm_sample, wire), .fields = fields_wire},
    {FIELD_WHOLE("flows", ipm_json_rows), .rows = &fields_flows},
    {FIELD_AS("latency_ns", ipm_json_latency, ipm_sample, latency),
     .fields = ipm_json_fields_latency},
    {.key = NULL},
};

static void *fields_add_trial(void *owner) {
    return ipm_case_add_trial(owner);
}

static const struct ipm_json_rows fields_trials = {
    .fields = ipm_json_fields_trial,
    .count_offset = offsetof(struct ipm_case, trial_count),
    .items_offset = offsetof(struct ipm_case, trials),
    .item_size = sizeof(struct ipm_sample),
    .most = IPM_ROUNDS_MOST,
    .add = fields_add_trial,
};

/* The metrics of the table, but for quantiles, which the latencies have. */
static json_t *fields_write_metric(const struct ipm_metric *metric,
                                   const struct ipm_statistic *statistic,
                                   const struct ipm_report *report) {
    if (metric->optional && statistic->count == 0) {
        return json_null();
    }
    json_t *object = json_object();
    if (object != NULL && ipm_json_write_fields(object, ipm_json_fields_statistic,
                                                statistic, report) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *fields_write_summary(const struct ipm_json_field *field, const void *at,
                                    const struct ipm_report *report) {
    const struct ipm_summary *summary = at;
    json_t *object = json_object();
    int failed = 0;
    for (size_t m = 0; m < IPM_METRICS && failed == 0; m++) {
        const struct ipm_metric *metric = &ipm_metrics[m];
        if (metric->quantile > 0) {
            continue;
        }
        failed = json_object_set_new(
            object, metric->key,
            fields_write_metric(metric, &summary->metrics[m], report));
    }
    failed = failed != 0 ? failed
                         : json_object_set_new(object, "latency_ns",
                                               ipm_json_derived_latency.write(
                                                   field, &summary->latency, report));
    if (failed != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static const struct ipm_json_codec fields_summary = {.write = fields_write_summary};

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

static json_t *fields_write_plugin(const struct ipm_json_field *field, const void *at,
                                   const struct ipm_report *report) {
    const struct ipm_case *c = at;
    const char *path = ipm_origins_path(&report->settings.plugins, c->config.transport);
    (void)field;
    return path == NULL ? json_null() : ipm_json_mended(path, IPM_ORIGIN_PATH_BYTES);
}

static const struct ipm_json_codec fields_plugin = {.write = fields_write_plugin};

static json_t *fields_write_primary(const struct ipm_json_field *field, const void *at,
                                    const struct ipm_report *report) {
    (void)field;
    (void)report;
    enum ipm_metric_id primary;
    memcpy(&primary, at, sizeof primary);
    return json_string(ipm_metrics[primary].key);
}

static int fields_read_primary(struct ipm_json_reading *reading,
                               const struct ipm_json_field *field, json_t *value,
                               void *at) {
    const char *key = json_is_string(value) ? json_string_value(value) : "";
    const struct ipm_metric *metric = ipm_metric_find_key(key);
    (void)field;
    if (metric == NULL) {
        return ipm_json_refuse(reading, "is no metric that this ipcmark knows");
    }
    const enum ipm_metric_id primary = (enum ipm_metric_id)(metric - ipm_metrics);
    memcpy(at, &primary, sizeof primary);
    return 0;
}

static const struct ipm_json_codec fields_primary = {.write = fields_write_primary,
                                                     .read = fields_read_primary};

#define FIELD_CONFIG(word, kind) FIELD_AS(#word, kind, ipm_case, config.word)

const struct ipm_json_field ipm_json_fields_case[] = {
    {FIELD_CONFIG(name, ipm_json_name)},
    {FIELD_CONFIG(transport, ipm_json_name)},
    {FIELD_WHOLE("plugin", fields_plugin)},
    {FIELD_CONFIG(pattern, ipm_json_name)},
    {FIELD_CONFIG(message_bytes, ipm_json_uint), .least = 1},
    {FIELD_CONFIG(framing, ipm_json_name)},
    {FIELD_CONFIG(io, ipm_json_name)},
    {FIELD_CONFIG(clients, ipm_json_uint), .least = 1},
    {FIELD_CONFIG(server, ipm_json_text)},
    {FIELD_CONFIG(batch, ipm_json_uint), .least = 1},
    {FIELD_CONFIG(think_ns, ipm_json_uint)},
    {FIELD_CONFIG(buffer_bytes, ipm_json_uint_or_null), .least = 1},
    {FIELD_CONFIG(recv_bytes, ipm_json_uint)},
    {FIELD_CONFIG(congestion, ipm_json_text)},
    {FIELD_CONFIG(pin, ipm_json_name)},
    {FIELD_CONFIG(sender_cpu, ipm_json_int)},
    {FIELD_CONFIG(receiver_cpu, ipm_json_int)},
    {FIELD_CONFIG(spin, ipm_json_bool)},
    {FIELD_CONFIG(copy, ipm_json_bool)},
    {FIELD_CONFIG(verify, ipm_json_bool)},
    {FIELD(ipm_json_choice, ipm_case, status), .words = fields_case_words},
    {FIELD(ipm_json_text, ipm_case, reason)},
    {FIELD_AS("primary_metric", fields_primary, ipm_case, primary)},
    {FIELD_WHOLE("endpoints", ipm_json_object), .fields = fields_endpoints},
    {FIELD_WHOLE("effective", ipm_json_object), .fields = fields_effective},
    {FIELD(ipm_json_object, ipm_case, integrity), .fields = fields_integrity},
    {FIELD_WHOLE("trials", ipm_json_rows), .rows = &fields_trials},
    {FIELD(fields_summary, ipm_case, summary)},
    {.key = NULL},
};
