/* list_json.c - a list as a JSON document. One of the few files that may know jansson. Must
 * not know where a list comes from. */
#include "app/commands/list.h"

#include "base/err.h"
#include "base/utf8.h"
#include "model/plan/plan.h"

#include <errno.h>
#include <jansson.h>
#include <stdint.h>

static json_t *list_reason(const struct ipm_probe *probe) {
    char reason[3 * IPM_REASON_BYTES]; /* a mended byte is three */
    if (probe->runnable)
        return json_null();
    ipm_utf8_mend(reason, sizeof reason, probe->reason);
    return json_string(reason);
}

static json_t *list_largest(const struct ipm_probe *probe) {
    if (!probe->runnable || probe->max_message_bytes == SIZE_MAX)
        return json_null();
    return json_integer((json_int_t)probe->max_message_bytes);
}

static json_t *list_origin(const char *path) {
    char mended[3 * IPM_ORIGIN_PATH_BYTES]; /* a mended byte is three */
    if (path == NULL)
        return json_null();
    ipm_utf8_mend(mended, sizeof mended, path);
    return json_string(mended);
}

/* The o of the format takes over what it is given, also when it fails: jansson, "Building
 * values". */
static json_t *list_probe(const struct ipm_probe *probe,
                          const struct ipm_origins *plugins) {
    const struct ipm_transport *transport = probe->transport;
    struct ipm_list_kinds kinds = ipm_list_kinds_of(probe);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:s, s:o, s:b, s:o, s:o}",
                     "name", transport->name, "summary", transport->summary, "family",
                     kinds.family, "direction", kinds.direction, "boundaries",
                     kinds.boundaries, "reliable",
                     (transport->caps & IPM_CAP_RELIABLE) != 0, "connected",
                     (transport->caps & IPM_CAP_CONNECTED) != 0, "addressing",
                     transport->addressing, "max_message_bytes", list_largest(probe),
                     "runnable", (int)probe->runnable, "reason", list_reason(probe),
                     "plugin", list_origin(ipm_origins_path(plugins, transport->name)));
}

static json_t *list_term(const struct ipm_term *term) {
    return json_pack("{s:s, s:s}", "name", term->name, "summary", term->summary);
}

static json_t *list_items(const struct ipm_list *list) {
    json_t *items = json_array();
    for (size_t i = 0; i < list->count; i++) {
        json_t *item = list->terms != NULL ? list_term(&list->terms[i])
                                           : list_probe(&list->probes[i], list->plugins);
        if (json_array_append_new(items, item) == 0)
            continue;
        json_decref(items);
        return NULL;
    }
    return items;
}

int ipm_list_json(const struct ipm_list *list, FILE *out, struct ipm_err *err) {
    json_t *root = json_pack("{s:o}", list->topic, list_items(list));
    if (root == NULL)
        return ipm_err_sys(err, -ENOMEM, "cannot make the list");
    /* what fails here is told by the stream */
    (void)json_dumpf(root, out, JSON_INDENT(2));
    (void)fputc('\n', out);
    json_decref(root);
    return 0;
}
