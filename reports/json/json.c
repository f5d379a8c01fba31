/* json.c - the report as one JSON document, version 1 of the contract: raw numbers, all
 * keys present, null for unknown values. The tables of fields define the keys. */
#include "base/err.h"
#include "reports/common/comparison.h"
#include "reports/json/codec.h"
#include "reports/renderer.h"

#include <errno.h>
#include <string.h>

extern const struct ipm_renderer ipm_renderer_json;

static const size_t json_flags =
    JSON_REAL_PRECISION(17) /* enough to read the same double back */
    | JSON_ENSURE_ASCII | JSON_ENCODE_ANY | JSON_COMPACT;

/* Where a document goes. */
struct json_sink {
    FILE *out;
    size_t left; /* bytes that may be written yet */
    bool over;   /* they were too few */
};

/* Delete is the one control character that jansson does not escape. */
static int json_take(const char *text, size_t length, void *data) {
    struct json_sink *sink = data;
    const char *delete = memchr(text, 0x7F, length);
    if (delete != NULL)
        return json_take(text, (size_t)(delete - text), sink) != 0 ||
                       json_take("\\u007F", 6, sink) != 0
                   ? -1
                   : json_take(delete + 1, (size_t)(text + length - delete) - 1, sink);
    sink->over = length > sink->left;
    if (sink->over)
        return -1;
    sink->left -= length;
    return fwrite(text, 1, length, sink->out) == length ? 0 : -1;
}

static int json_break(struct json_sink *sink, const char *mark, int depth) {
    char text[2 * IPM_JSON_DEPTH_MOST + 4];
    const int length = snprintf(text, sizeof text, "%s\n%*s", mark, 2 * depth, "");
    return json_take(text, (size_t)length, sink);
}

static int json_put(struct json_sink *sink, const json_t *json, int depth);

/* NOLINTNEXTLINE(misc-no-recursion): as deep as objects are nested in the tables */
static int json_put_member(struct json_sink *sink, const char *key, const json_t *value,
                           int depth) {
    json_t *name = json_string(key);
    int failed = name == NULL ? -1 : json_put(sink, name, depth);
    json_decref(name);
    if (failed == 0)
        failed = json_take(": ", 2, sink);
    return failed == 0 ? json_put(sink, value, depth) : failed;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as objects are nested in the tables */
static int json_put_items(struct json_sink *sink, const json_t *json, int depth) {
    const bool keyed = json_is_object(json);
    const char *key;
    json_t *value;
    size_t i = 0;
    int failed = 0;
    if (keyed) {
        json_object_foreach((json_t *)json, key, value) {
            if (failed == 0)
                failed = json_break(sink, i++ == 0 ? "{" : ",", depth + 1);
            if (failed == 0)
                failed = json_put_member(sink, key, value, depth + 1);
        }
    } else {
        json_array_foreach(json, i, value) {
            if (failed == 0)
                failed = json_break(sink, i == 0 ? "[" : ",", depth + 1);
            if (failed == 0)
                failed = json_put(sink, value, depth + 1);
        }
    }
    return failed == 0
               ? json_break(sink, "", depth) | json_take(keyed ? "}" : "]", 1, sink)
               : failed;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as objects are nested in the tables */
static int json_put(struct json_sink *sink, const json_t *json, int depth) {
    const json_t *first = json_array_get(json, 0);
    if (json_object_size(json) > 0 || json_is_object(first) || json_is_array(first))
        return json_put_items(sink, json, depth);
    return json_dump_callback(json, json_take, sink, json_flags);
}

int ipm_json_sink(json_t *json, struct ipm_json_form form, FILE *out,
                  struct ipm_err *err) {
    struct json_sink sink = {
        .out = out, .left = form.bytes_most > 0 ? form.bytes_most : IPM_JSON_BYTES_MOST};
    if (json == NULL)
        return ipm_err_sys(err, -ENOMEM, "cannot make the JSON document");
    errno = 0;
    const bool failed =
        (form.compact ? json_dump_callback(json, json_take, &sink, json_flags)
                      : json_put(&sink, json, 0)) != 0 ||
        json_take("\n", 1, &sink) != 0;
    const int code = errno != 0 ? -errno : -EIO;
    json_decref(json);
    if (failed && sink.over) {
        (void)ipm_err_set(err, -EFBIG, "the JSON document is larger than ipcmark reads");
        ipm_err_hint(err, "use fewer rounds or cases, or the format jsonl");
        return -EFBIG;
    }
    return failed ? ipm_err_sys(err, ferror(out) != 0 ? code : -ENOMEM,
                                "cannot write the JSON document")
                  : 0;
}

int ipm_json_print(const struct ipm_json_object *object, const void *base,
                   const struct ipm_report *report, FILE *out, struct ipm_err *err) {
    const struct ipm_json_field whole = {.codec = &ipm_json_object, .object = object};
    return ipm_json_sink(ipm_json_write(&whole, base, report), (struct ipm_json_form){0},
                         out, err);
}

static int json_render(const struct ipm_report *report,
                       const struct ipm_render_options *options, FILE *out,
                       struct ipm_err *err) {
    (void)options;
    return ipm_json_print(&ipm_json_of_report, report, report, out, err);
}

static int json_render_comparison(const struct ipm_comparison *comparison,
                                  const struct ipm_render_options *options, FILE *out,
                                  struct ipm_err *err) {
    (void)options;
    return ipm_json_print(&ipm_json_of_comparison, comparison, NULL, out, err);
}

const struct ipm_renderer ipm_renderer_json = {
    .name = "json",
    .summary = "one JSON document with every raw number",
    .render = json_render,
    .render_comparison = json_render_comparison,
};
