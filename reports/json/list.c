/* list.c - a list of `ipcmark list` as a JSON document. */
#include "reports/json/list.h"

#include "base/err.h"
#include "base/utf8.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdint.h>

static json_t *list_text(const char *text) {
    char mended[3 * PATH_MAX]; /* a mended byte is three */
    if (text == NULL)
        return json_null();
    ipm_utf8_mend(mended, sizeof mended, text);
    return json_string(mended);
}

static json_t *list_bytes(const struct ipm_list_row *row) {
    if (row->reason != NULL || row->max_message_bytes == SIZE_MAX)
        return json_null();
    return json_integer((json_int_t)row->max_message_bytes);
}

/* The o of the format takes ownership, also when it fails: jansson, "Building values". */
static json_t *list_row(const struct ipm_list_row *row) {
    if (row->family == NULL)
        return json_pack("{s:s, s:s}", "name", row->name, "summary", row->summary);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:s, s:o, s:b, s:o, s:o}",
                     "name", row->name, "summary", row->summary, "family", row->family,
                     "direction", row->direction, "boundaries", row->boundaries,
                     "reliable", row->reliable, "connected", row->connected, "addressing",
                     row->addressing, "max_message_bytes", list_bytes(row), "runnable",
                     row->reason == NULL, "reason", list_text(row->reason), "plugin",
                     list_text(row->plugin));
}

static json_t *list_rows(const struct ipm_list *list) {
    json_t *rows = json_array();
    for (size_t i = 0; i < list->count; i++) {
        if (json_array_append_new(rows, list_row(&list->rows[i])) == 0)
            continue;
        json_decref(rows);
        return NULL;
    }
    return rows;
}

int ipm_json_list(const struct ipm_list *list, FILE *out, struct ipm_err *err) {
    json_t *root = json_pack("{s:o}", list->topic, list_rows(list));
    if (root == NULL)
        return ipm_err_sys(err, -ENOMEM, "cannot make the list");
    /* the caller finds errors in the stream */
    (void)json_dumpf(root, out, JSON_INDENT(2));
    (void)fputc('\n', out);
    json_decref(root);
    return 0;
}
