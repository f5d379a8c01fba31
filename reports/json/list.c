/* list.c - a list of `ipcmark list` as a JSON document. */
#include "reports/json/list.h"

#include "reports/json/codec.h"

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
                     row->reason == NULL, "reason", ipm_json_mended_or_null(row->reason),
                     "plugin", ipm_json_mended_or_null(row->plugin));
}

int ipm_json_list(const struct ipm_list *list, FILE *out, struct ipm_err *err) {
    json_t *rows = json_array();
    for (size_t i = 0; rows != NULL && i < list->count; i++)
        ipm_json_append(&rows, list_row(&list->rows[i]));
    return ipm_json_sink(json_pack("{s:o}", list->topic, rows), (struct ipm_json_form){0},
                         out, err);
}
