/* comparison.c - a comparison as one JSON document, version 1 of the contract. Which
 * member is which key is in the tables here; each is described in schema.json and README.md. */
#include "model/compare/comparison.h"
#include "reports/common/comparison.h"
#include "reports/json/fields.h"
#include "reports/json/sink.h"
#include "reports/renderer.h"

#include <string.h>

/* --- codecs of what only a comparison has ------------------------------------------------ */

/* `at` is the struct ipm_compared: its metric says it all. */
static const struct ipm_metric *comparison_metric_of(const void *at) {
    const struct ipm_compared *compared = at;
    return compared->metric;
}

static json_t *comparison_write_metric(const struct ipm_json_field *field, const void *at,
                                       const struct ipm_report *report) {
    (void)field;
    (void)report;
    return json_string(comparison_metric_of(at)->name);
}

static json_t *comparison_write_key(const struct ipm_json_field *field, const void *at,
                                    const struct ipm_report *report) {
    (void)field;
    (void)report;
    return json_string(comparison_metric_of(at)->key);
}

static json_t *comparison_write_direction(const struct ipm_json_field *field,
                                          const void *at,
                                          const struct ipm_report *report) {
    (void)field;
    (void)report;
    return json_string(comparison_metric_of(at)->more_is_better ? "more_is_better"
                                                                : "less_is_better");
}

static json_t *comparison_write_words(const struct ipm_json_field *field, const void *at,
                                      const struct ipm_report *report) {
    const char *words = NULL;
    (void)field;
    (void)report;
    memcpy((void *)&words, at, sizeof words);
    return json_string(words);
}

static json_t *comparison_write_design(const struct ipm_json_field *field, const void *at,
                                       const struct ipm_report *report) {
    bool paired = false;
    (void)field;
    (void)report;
    memcpy(&paired, at, sizeof paired);
    return json_string(paired ? "paired" : "unpaired");
}

static const struct ipm_json_codec comparison_metric = {.write = comparison_write_metric};
static const struct ipm_json_codec comparison_key = {.write = comparison_write_key};
static const struct ipm_json_codec comparison_direction = {
    .write = comparison_write_direction};
static const struct ipm_json_codec comparison_words = {.write = comparison_write_words};
static const struct ipm_json_codec comparison_design = {.write = comparison_write_design};

/* --- words, by value -------------------------------------------------------------------- */

static const char *const comparison_sides[] = {
    [IPM_ARM_BASE] = "base", [IPM_ARM_NEW] = "new", NULL};
static const char *const comparison_verdicts[] = {
    [IPM_VERDICT_REGRESSED] = "regressed",
    [IPM_VERDICT_IMPROVED] = "improved",
    [IPM_VERDICT_SAME] = "same",
    [IPM_VERDICT_INCONCLUSIVE] = "inconclusive",
    [IPM_VERDICT_INSUFFICIENT] = "insufficient",
    NULL};
static const char *const comparison_references[] = {
    [IPM_REFERENCE_NONE] = "",
    [IPM_REFERENCE_MEMCPY] = "memcpy",
    [IPM_REFERENCE_SYSCALL] = "null_syscall",
    [IPM_REFERENCE_CORES] = "core_to_core",
    [IPM_REFERENCE_TRANSPORT] = "null_transport",
    NULL};
static const char *const comparison_confirmations[] = {[IPM_CONFIRMATION_NONE] = "",
                                                       [IPM_CONFIRMATION_YES] = "yes",
                                                       [IPM_CONFIRMATION_NO] = "no",
                                                       NULL};
static const char *const comparison_states[] = {[IPM_UNMATCHED_NOT_IN_BASE] =
                                                    "not_in_base",
                                                [IPM_UNMATCHED_NOT_IN_NEW] = "not_in_new",
                                                [IPM_UNMATCHED_FAILED] = "failed",
                                                [IPM_UNMATCHED_SKIPPED] = "skipped",
                                                NULL};
static const char *const comparison_gates[] = {[IPM_GATE_PASSED] = "passed",
                                               [IPM_GATE_FAILED] = "failed",
                                               [IPM_GATE_UNDECIDED] = "undecided",
                                               NULL};

/* --- tables of fields ------------------------------------------------------------------- */

static const struct ipm_json_field fields_run[] = {
    {FIELD(ipm_json_choice, ipm_compared_run, side), .words = comparison_sides},
    {FIELD(ipm_json_text, ipm_compared_run, name)},
    {FIELD(ipm_json_text, ipm_compared_run, version)},
    {FIELD(ipm_json_text, ipm_compared_run, commit)},
    {FIELD(ipm_json_text, ipm_compared_run, hostname)},
    {FIELD(ipm_json_text, ipm_compared_run, kernel)},
    {FIELD(ipm_json_text, ipm_compared_run, started_at)},
    {.key = NULL},
};

static const struct ipm_json_field fields_difference[] = {
    {FIELD(comparison_words, ipm_difference, what)},
    {FIELD_AS("base", ipm_json_text, ipm_difference, sides[IPM_ARM_BASE])},
    {FIELD_AS("new", ipm_json_text, ipm_difference, sides[IPM_ARM_NEW])},
    {.key = NULL},
};

static const struct ipm_json_field fields_result[] = {
    {FIELD_AS("case", ipm_json_name, ipm_compared, name)},
    {FIELD_WHOLE("metric", comparison_metric)},
    {FIELD_WHOLE("key", comparison_key)},
    {FIELD_WHOLE("direction", comparison_direction)},
    {FIELD(ipm_json_choice, ipm_compared, verdict), .words = comparison_verdicts},
    {FIELD_AS("base", ipm_json_derived_object, ipm_compared, sides[IPM_ARM_BASE]),
     .fields = ipm_json_fields_statistic},
    {FIELD_AS("new", ipm_json_derived_object, ipm_compared, sides[IPM_ARM_NEW]),
     .fields = ipm_json_fields_statistic},
    {FIELD(ipm_json_real, ipm_compared, ratio)},
    {FIELD(ipm_json_real, ipm_compared, ratio_low)},
    {FIELD(ipm_json_real, ipm_compared, ratio_high)},
    {FIELD_AS("yardstick", ipm_json_choice, ipm_compared, reference),
     .words = comparison_references},
    {FIELD_AS("drift_ratio", ipm_json_real, ipm_compared, drift)},
    {FIELD_AS("threshold_ratio", ipm_json_real, ipm_compared, threshold)},
    {FIELD(ipm_json_real, ipm_compared, p_regressed)},
    {FIELD(ipm_json_real, ipm_compared, p_improved)},
    {FIELD(ipm_json_choice, ipm_compared, confirmation),
     .words = comparison_confirmations},
    {FIELD(ipm_json_uint_or_null, ipm_compared, rounds_more)},
    {.key = NULL},
};

static const struct ipm_json_field fields_unmatched[] = {
    {FIELD_AS("case", ipm_json_name, ipm_unmatched, name)},
    {FIELD(ipm_json_choice, ipm_unmatched, state), .words = comparison_states},
    {FIELD(ipm_json_text, ipm_unmatched, reason)},
    {.key = NULL},
};

#define COMPARISON_ROWS(of, table, counter, list)                                        \
    static const struct ipm_json_rows rows_##list = {                                    \
        .fields = (table),                                                               \
        .count_offset = offsetof(struct ipm_comparison, counter),                        \
        .items_offset = offsetof(struct ipm_comparison, list),                           \
        .item_size = sizeof(struct of)}

COMPARISON_ROWS(ipm_compared_run, fields_run, run_count, runs);
COMPARISON_ROWS(ipm_difference, fields_difference, difference_count, differences);
COMPARISON_ROWS(ipm_compared, fields_result, result_count, results);
COMPARISON_ROWS(ipm_unmatched, fields_unmatched, unmatched_count, unmatched);

static const struct ipm_json_field fields_settings[] = {
    {FIELD_AS("threshold_ratio", ipm_json_real, ipm_comparison, threshold)},
    {FIELD_AS("significance_ratio", ipm_json_real, ipm_comparison, alpha)},
    {FIELD(ipm_json_bool, ipm_comparison, allow_missing)},
    {FIELD(ipm_json_uint_or_null, ipm_comparison, seed), .most = INT64_MAX},
    {.key = NULL},
};

static const struct ipm_json_field fields_comparison[] = {
    {FIELD(ipm_json_derived_object, ipm_comparison, tool),
     .fields = ipm_json_fields_tool},
    {FIELD_AS("design", comparison_design, ipm_comparison, paired)},
    {FIELD(ipm_json_text, ipm_comparison, started_at)},
    {FIELD_WHOLE("settings", ipm_json_derived_object), .fields = fields_settings},
    {FIELD(ipm_json_choice, ipm_comparison, gate), .words = comparison_gates},
    {FIELD(ipm_json_text, ipm_comparison, error)},
    {FIELD_WHOLE("runs", ipm_json_derived_rows), .rows = &rows_runs},
    {FIELD_WHOLE("differences", ipm_json_derived_rows), .rows = &rows_differences},
    {FIELD_WHOLE("results", ipm_json_derived_rows), .rows = &rows_results},
    {FIELD_WHOLE("unmatched", ipm_json_derived_rows), .rows = &rows_unmatched},
    {.key = NULL},
};

/* --- the document ----------------------------------------------------------------------- */

static json_t *comparison_document(const struct ipm_comparison *comparison) {
    json_t *root = json_object();
    if (json_object_set_new(root, "schema_version", json_integer(IPM_SCHEMA_VERSION)) ==
            0 &&
        json_object_set_new(root, "kind", json_string("comparison")) == 0 &&
        ipm_json_write_fields(root, fields_comparison, comparison, NULL) == 0)
        return root;
    json_decref(root);
    return NULL;
}

int ipm_comparison_json(const struct ipm_comparison *comparison,
                        const struct ipm_render_options *options, FILE *out,
                        struct ipm_err *err) {
    (void)options;
    return ipm_json_sink(comparison_document(comparison), JSON_INDENT(2), out, err);
}
