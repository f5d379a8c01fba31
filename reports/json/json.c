/* json.c - the report as one JSON document, version 1 of the contract: raw numbers, all
 * keys present, null for unknown values. The tables of fields define the keys. */
#include "base/err.h"
#include "reports/common/comparison.h"
#include "reports/json/codec.h"
#include "reports/renderer.h"

#include <errno.h>

extern const struct ipm_renderer ipm_renderer_json;

static int json_take(const char *text, size_t length, void *out) {
    return fwrite(text, 1, length, out) == length ? 0 : -1;
}

int ipm_json_sink(json_t *json, size_t flags, FILE *out, struct ipm_err *err) {
    if (json == NULL)
        return ipm_err_sys(err, -ENOMEM, "cannot make the JSON document");
    errno = 0;
    flags |= JSON_REAL_PRECISION(17); /* enough to read the same double back */
    const bool failed = json_dump_callback(json, json_take, out, flags) != 0 ||
                        json_take("\n", 1, out) != 0;
    const int code = errno != 0 ? -errno : -EIO;
    json_decref(json);
    return failed ? ipm_err_sys(err, ferror(out) != 0 ? code : -ENOMEM,
                                "cannot write the JSON document")
                  : 0;
}

int ipm_json_print(const struct ipm_json_object *object, const void *base,
                   const struct ipm_report *report, FILE *out, struct ipm_err *err) {
    const struct ipm_json_field whole = {.codec = &ipm_json_object, .object = object};
    return ipm_json_sink(ipm_json_write(&whole, base, report), JSON_INDENT(2), out, err);
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
