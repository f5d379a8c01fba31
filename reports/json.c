/* json.c - the report as one JSON document, version 1 of the contract: raw numbers, every
 * key present, the unknown null. Which keys there are is in json_fields.c. */
#include "base/err.h"
#include "reports/json_codec.h"
#include "reports/renderer.h"

#include <errno.h>

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

struct json_sink {
    FILE *out;
    int code;
};

static int json_take(const char *text, size_t length, void *data) {
    struct json_sink *sink = data;
    if (fwrite(text, 1, length, sink->out) != length) {
        sink->code = errno != 0 ? -errno : -EIO;
        return -1;
    }
    return 0;
}

static int json_dump_to(const json_t *root, FILE *out, struct ipm_err *err) {
    struct json_sink sink = {.out = out, .code = 0};
    /* 17 digits bring back the same double. */
    size_t flags = JSON_INDENT(2) | JSON_REAL_PRECISION(17);
    errno = 0;
    if (json_dump_callback(root, json_take, &sink, flags) == 0 &&
        json_take("\n", 1, &sink) == 0) {
        return 0;
    }
    return ipm_err_sys(err, sink.code != 0 ? sink.code : -ENOMEM,
                       "cannot write the JSON report");
}

static int json_render(const struct ipm_report *report,
                       const struct ipm_render_options *options, FILE *out,
                       struct ipm_err *err) {
    (void)options;
    json_t *root = json_document(report);
    if (root == NULL) {
        return ipm_err_sys(err, -ENOMEM, "cannot make the JSON report");
    }
    int code = json_dump_to(root, out, err);
    json_decref(root);
    return code;
}

const struct ipm_renderer ipm_renderer_json = {
    .name = "json",
    .summary = "one JSON document with every raw number",
    .render = json_render,
};
