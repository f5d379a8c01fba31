/* json.c - the report as one JSON document, version 1 of the contract: raw numbers, every
 * key present, the unknown null. Which keys there are is in json/fields.c. */
#include "reports/common/comparison.h"
#include "reports/json/codec.h"
#include "reports/json/sink.h"
#include "reports/renderer.h"

extern const struct ipm_renderer ipm_renderer_json;

static json_t *json_document(const struct ipm_report *report) {
    json_t *root = json_object();
    if (json_object_set_new(root, "schema_version", json_integer(IPM_SCHEMA_VERSION)) ==
            0 &&
        json_object_set_new(root, "kind", json_string("run")) == 0 &&
        ipm_json_write_fields(root, ipm_json_fields_report, report, report) == 0) {
        return root;
    }
    json_decref(root);
    return NULL;
}

static int json_render(const struct ipm_report *report,
                       const struct ipm_render_options *options, FILE *out,
                       struct ipm_err *err) {
    (void)options;
    return ipm_json_sink(json_document(report), JSON_INDENT(2), out, err);
}

const struct ipm_renderer ipm_renderer_json = {
    .name = "json",
    .summary = "one JSON document with every raw number",
    .render = json_render,
    .render_comparison = ipm_comparison_json,
};
