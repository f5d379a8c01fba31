/* json.c - the report as one JSON document, version 1 of the contract: raw numbers, all
 * keys present, null for unknown values. The tables of fields define the keys. */
#include "base/err.h"
#include "reports/json/codec.h"
#include "reports/renderer.h"

#include <errno.h>
#include <string.h>

static const size_t json_flags =
    JSON_REAL_PRECISION(17) /* enough to read the same double back */
    | JSON_ENSURE_ASCII | JSON_ENCODE_ANY | JSON_COMPACT;

/* Where a document goes. */
struct json_sink {
    FILE *out;
    size_t left; /* bytes that may still be written */
    bool over;   /* the document did not fit */
};

static int json_put_text(struct json_sink *sink, const char *text, size_t length) {
    sink->over = length > sink->left;
    if (sink->over)
        return -1;
    sink->left -= length;
    return fwrite(text, 1, length, sink->out) == length ? 0 : -1;
}

/* Delete is the one control character that jansson does not escape. */
static int json_take(const char *text, size_t length, void *data) {
    struct json_sink *sink = data;
    for (const char *delete; (delete = memchr(text, 0x7F, length)) != NULL;) {
        const size_t before = (size_t)(delete - text);
        if (json_put_text(sink, text, before) != 0 ||
            json_put_text(sink, "\\u007F", 6) != 0)
            return -1;
        text = delete + 1;
        length -= before + 1;
    }
    return json_put_text(sink, text, length);
}

/* Writes the mark (a bracket or comma), begins a line, and writes the key of a member. */
static int json_begin(struct json_sink *sink, const char *mark, int depth,
                      const char *key) {
    char text[2 * IPM_JSON_DEPTH_MOST + 4];
    const int length = snprintf(text, sizeof text, "%s\n%*s", mark, 2 * depth, "");
    if (json_take(text, (size_t)length, sink) != 0 || key == NULL)
        return key == NULL && !sink->over && ferror(sink->out) == 0 ? 0 : -1;
    json_t *name = json_string(key);
    const int failed =
        name == NULL ? -1 : json_dump_callback(name, json_take, sink, json_flags);
    json_decref(name);
    return failed == 0 ? json_take(": ", 2, sink) : failed;
}

static int json_end(struct json_sink *sink, const char *mark, int depth) {
    return json_begin(sink, "", depth, NULL) == 0 ? json_take(mark, 1, sink) : -1;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as objects are nested in the tables */
static int json_put(struct json_sink *sink, json_t *json, int depth) {
    const bool keyed = json_is_object(json);
    const size_t count = keyed ? json_object_size(json) : json_array_size(json);
    const json_t *first = json_array_get(json, 0);
    void *member = json_object_iter(json);
    int failed = 0;
    if (count == 0 || (!keyed && !json_is_object(first) && !json_is_array(first)))
        return json_dump_callback(json, json_take, sink, json_flags);
    for (size_t i = 0; i < count && failed == 0; i++) {
        const char *open = keyed ? "{" : "[";
        failed = json_begin(sink, i == 0 ? open : ",", depth + 1,
                            keyed ? json_object_iter_key(member) : NULL);
        if (failed == 0)
            failed = json_put(
                sink, keyed ? json_object_iter_value(member) : json_array_get(json, i),
                depth + 1);
        member = keyed ? json_object_iter_next(json, member) : NULL;
    }
    return failed == 0 ? json_end(sink, keyed ? "}" : "]", depth) : failed;
}

/* --- structs: member by member, because a tree takes ten times the memory ---------------- */

static int json_put_struct(struct json_sink *sink, const struct ipm_json_object *object,
                           const struct ipm_json_source *source, int depth);

/* NOLINTNEXTLINE(misc-no-recursion): as deep as objects are nested in the tables */
static int json_put_structs(struct json_sink *sink, const struct ipm_json_source *source,
                            int depth) {
    size_t count = 0;
    const char *items = ipm_json_items(source, &count);
    int failed = count == 0 ? json_take("[]", 2, sink) : 0;
    for (size_t i = 0; i < count && failed == 0; i++) {
        const struct ipm_json_source item = {.at = items + i * source->field->size,
                                             .report = source->report};
        failed = json_begin(sink, i == 0 ? "[" : ",", depth + 1, NULL);
        if (failed == 0)
            failed = json_put_struct(sink, source->field->object, &item, depth + 1);
    }
    return failed == 0 && count > 0 ? json_end(sink, "]", depth) : failed;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as objects are nested in the tables */
static int json_put_field(struct json_sink *sink, const struct ipm_json_field *field,
                          const struct ipm_json_source *base, int depth) {
    const struct ipm_json_source source = {.field = field,
                                           .at = (const char *)base->at + field->offset,
                                           .report = base->report};
    if (field->codec == &ipm_json_object && !field->behind)
        return json_put_struct(sink, field->object, &source, depth);
    if (field->codec == &ipm_json_array && field->item == &ipm_json_object)
        return json_put_structs(sink, &source, depth);
    json_t *json = ipm_json_write(field, base->at, base->report);
    const int failed = json == NULL ? -1 : json_put(sink, json, depth);
    json_decref(json);
    return failed;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as objects are nested in the tables */
static int json_put_struct(struct json_sink *sink, const struct ipm_json_object *object,
                           const struct ipm_json_source *source, int depth) {
    struct ipm_json_walk walk = {.object = object};
    const struct ipm_json_field *field = NULL;
    int failed = 0;
    while (failed == 0 && (field = ipm_json_next(&walk)) != NULL) {
        failed = json_begin(sink, walk.count == 1 ? "{" : ",", depth + 1, field->key);
        if (failed == 0)
            failed = json_put_field(sink, field, source, depth + 1);
    }
    return failed == 0 ? json_end(sink, "}", depth) : failed;
}

/* --- documents --------------------------------------------------------------------------- */

static int json_finish(struct json_sink *sink, int failed, struct ipm_err *err) {
    if (failed == 0 && json_take("\n", 1, sink) == 0)
        return 0;
    const int code = errno != 0 ? -errno : -EIO;
    if (!sink->over)
        return ipm_err_sys(err, ferror(sink->out) != 0 ? code : -ENOMEM,
                           "cannot write the JSON document");
    ipm_err_hint(err, "use fewer rounds or cases, or the format jsonl");
    return ipm_err_set(err, -EFBIG, "the JSON document is larger than ipcmark reads");
}

int ipm_json_sink(json_t *json, struct ipm_json_form form, FILE *out,
                  struct ipm_err *err) {
    struct json_sink sink = {
        .out = out, .left = form.bytes_most > 0 ? form.bytes_most : IPM_JSON_BYTES_MOST};
    int failed = json == NULL ? -1 : 0;
    errno = 0;
    if (failed == 0)
        failed = form.compact ? json_dump_callback(json, json_take, &sink, json_flags)
                              : json_put(&sink, json, 0);
    failed = json_finish(&sink, failed, err);
    json_decref(json);
    return failed;
}

static const struct ipm_json_object *const json_objects[IPM_DOCUMENTS] = {
    [IPM_DOCUMENT_REPORT] = &ipm_json_of_report,
    [IPM_DOCUMENT_COMPARISON] = &ipm_json_of_comparison,
    [IPM_DOCUMENT_CHOICE] = &ipm_json_of_choice,
    [IPM_DOCUMENT_EXPLANATION] = &ipm_json_of_explanation,
    [IPM_DOCUMENT_MERGE] = &ipm_json_of_merge,
    [IPM_DOCUMENT_CHECKUP] = &ipm_json_of_doctor,
};

static int json_render(const struct ipm_document *document,
                       const struct ipm_render_options *options, FILE *out,
                       struct ipm_err *err) {
    struct json_sink sink = {.out = out, .left = IPM_JSON_BYTES_MOST};
    const bool run = document->kind == IPM_DOCUMENT_REPORT;
    const struct ipm_json_source whole = {.at = document->any,
                                          .report = run ? document->report : NULL};
    (void)options;
    errno = 0;
    return json_finish(
        &sink, json_put_struct(&sink, json_objects[document->kind], &whole, 0), err);
}

const struct ipm_renderer ipm_renderer_json = {
    .name = "json",
    .summary = "one JSON document with every raw number",
    .render = {[IPM_DOCUMENT_REPORT] = json_render,
               [IPM_DOCUMENT_COMPARISON] = json_render,
               [IPM_DOCUMENT_CHOICE] = json_render,
               [IPM_DOCUMENT_EXPLANATION] = json_render,
               [IPM_DOCUMENT_MERGE] = json_render,
               [IPM_DOCUMENT_CHECKUP] = json_render},
};
