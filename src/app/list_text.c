/* list_text.c - a list as a table for a person, within 80 columns. Must not know where a
 * list comes from. */
#include "app/list.h"

#include "base/err.h"
#include "base/units.h"
#include "model/plan.h"
#include "reports/utf8.h"

#include <stdint.h>
#include <string.h>

static const char list_row[] = "%-10s %-7s %-13s %-8s %-8s %-9s %-7s %s\n";

static const char *list_yes(int yes) {
    return yes ? "yes" : "no";
}

static const char *list_largest(char text[IPM_UNITS_TEXT_BYTES],
                                const struct ipm_probe *probe) {
    if (!probe->runnable)
        return "-";
    if (probe->max_message_bytes == SIZE_MAX)
        return "any";
    return ipm_units_size(text, probe->max_message_bytes);
}

static void list_write_origin(const char *path, FILE *out) {
    char mended[3 * IPM_ORIGIN_PATH_BYTES]; /* a mended byte is three */
    if (path == NULL)
        return;
    ipm_utf8_mend(mended, sizeof mended, path);
    (void)fprintf(out, "    plugin: %s\n", mended);
}

static void list_write_probe(const struct ipm_probe *probe,
                             const struct ipm_origins *plugins, FILE *out) {
    char largest[IPM_UNITS_TEXT_BYTES];
    const struct ipm_transport *transport = probe->transport;
    struct ipm_list_kinds kinds = ipm_list_kinds_of(probe);
    (void)fprintf(out, list_row, transport->name, kinds.family, kinds.direction,
                  kinds.boundaries, list_yes((transport->caps & IPM_CAP_RELIABLE) != 0),
                  list_yes((transport->caps & IPM_CAP_CONNECTED) != 0),
                  list_largest(largest, probe), list_yes(probe->runnable));
    (void)fprintf(out, "    %s; addressing: %s\n", transport->summary,
                  transport->addressing);
    list_write_origin(ipm_origins_path(plugins, transport->name), out);
    if (probe->runnable)
        return;
    char reason[IPM_REASON_BYTES];
    ipm_utf8_mend(reason, sizeof reason, probe->reason);
    (void)fprintf(out, "    not here: %s\n", reason);
}

static void list_write_terms(const struct ipm_list *list, FILE *out) {
    size_t width = 10;
    for (size_t i = 0; i < list->count; i++)
        if (strlen(list->terms[i].name) > width)
            width = strlen(list->terms[i].name);
    for (size_t i = 0; i < list->count; i++)
        (void)fprintf(out, "%-*s %s\n", (int)width, list->terms[i].name,
                      list->terms[i].summary);
}

int ipm_list_text(const struct ipm_list *list, FILE *out, struct ipm_err *err) {
    (void)err;
    if (list->terms != NULL) {
        list_write_terms(list, out);
        return 0;
    }
    (void)fprintf(out, list_row, "transport", "family", "direction", "keeps", "reliable",
                  "connected", "largest", "runs here");
    for (size_t i = 0; i < list->count; i++)
        list_write_probe(&list->probes[i], list->plugins, out);
    return 0;
}
