/* list_text.c - a list as a table for a person, within 80 columns. Must not know where a
 * list comes from. */
#include "app/commands/list.h"

#include "base/err.h"
#include "base/units.h"
#include "base/utf8.h"
#include "model/plan/plan.h"

#include <stdint.h>
#include <string.h>

static const char list_row[] = "%-*s %-7s %-13s %-8s %-8s %-9s %s\n";

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

/* As wide as the longest name. What does not run here has a line that says why, and no column:
 * 80 are not enough for both. */
static int list_name_width(const struct ipm_list *list) {
    size_t width = strlen("transport");
    for (size_t i = 0; i < list->count; i++)
        if (strlen(list->probes[i].transport->name) > width)
            width = strlen(list->probes[i].transport->name);
    return (int)width;
}

static void list_write_probe(const struct ipm_probe *probe,
                             const struct ipm_origins *plugins, int width, FILE *out) {
    char largest[IPM_UNITS_TEXT_BYTES];
    const struct ipm_transport *transport = probe->transport;
    struct ipm_list_kinds kinds = ipm_list_kinds_of(probe);
    (void)fprintf(out, list_row, width, transport->name, kinds.family, kinds.direction,
                  kinds.boundaries, list_yes((transport->caps & IPM_CAP_RELIABLE) != 0),
                  list_yes((transport->caps & IPM_CAP_CONNECTED) != 0),
                  list_largest(largest, probe));
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
    const int width = list_name_width(list);
    (void)fprintf(out, list_row, width, "transport", "family", "direction", "keeps",
                  "reliable", "connected", "largest");
    for (size_t i = 0; i < list->count; i++)
        list_write_probe(&list->probes[i], list->plugins, width, out);
    return 0;
}
