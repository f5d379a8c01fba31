/* list.c - `ipcmark list`: the tables of this program, and the transports that this
 * machine can run. */
#include "reports/json/list.h"
#include "app/cli/name_table.h"
#include "app/cli/optparse.h"
#include "app/cli/plugins.h"
#include "app/commands/command.h"
#include "app/output/outputs.h"
#include "base/err.h"
#include "base/units.h"
#include "base/words.h"
#include "model/plan/plan.h"
#include "reports/common/clean.h"
#include "run/schedule/runner.h"
#include "transports/transport.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct list_request {
    const char *topic; /* first: see ipm_optparse_take_only */
    struct ipm_origins plugins;
    bool json;
};

/* The topics. */
static const struct ipm_name_table *const list_topics[] = {
    &ipm_name_table_transports,
    &ipm_name_table_patterns,
    &ipm_name_table_framings,
    &ipm_name_table_io,
    &ipm_name_table_servers,
    &ipm_name_table_formats,
    NULL,
};

static const char *list_topic_word(const void *context, size_t i) {
    (void)context;
    return list_topics[i] != NULL ? list_topics[i]->list : NULL;
}

static const struct ipm_name_table *list_find_topic(const char *word,
                                                    struct ipm_err *err) {
    for (size_t i = 0; list_topics[i] != NULL; i++)
        if (strcmp(list_topics[i]->list, word) == 0)
            return list_topics[i];
    (void)ipm_words_refuse(err, "list", "", word, list_topic_word, NULL,
                           "ipcmark list --help");
    return NULL;
}

static void list_fill_transport(struct ipm_list_row *row, const struct ipm_probe *probe,
                                const struct ipm_origins *plugins) {
    static const char *const families[] = {
        [IPM_FAMILY_NONE] = "none",
        [IPM_FAMILY_PIPE] = "pipe",
        [IPM_FAMILY_SOCKET] = "socket",
        [IPM_FAMILY_MEMORY] = "memory",
    };
    static const char *const directions[] = {
        [IPM_SIMPLEX] = "simplex",
        [IPM_DUPLEX_BY_TWO] = "duplex by two",
        [IPM_DUPLEX] = "duplex",
    };
    const struct ipm_transport *transport = probe->transport;
    row->family = families[transport->family];
    row->direction = directions[transport->direction];
    row->boundaries = (transport->caps & IPM_CAP_MESSAGES) != 0 ? "messages" : "stream";
    row->reliable = (transport->caps & IPM_CAP_RELIABLE) != 0;
    row->connected = (transport->caps & IPM_CAP_CONNECTED) != 0;
    row->addressing = transport->addressing;
    row->max_message_bytes = probe->max_message_bytes;
    row->reason = probe->runnable ? NULL : probe->reason;
    row->plugin = ipm_origins_path(plugins, transport->name);
}

static const struct ipm_option list_options[] = {
    {.name = "json",
     .help = "as a JSON document",
     IPM_OPTION_FLAG(struct list_request, json)},
    IPM_OPTION_PLUGIN(offsetof(struct list_request, plugins)),
    IPM_OPTION_HELP,
    {0},
};

static const struct ipm_optparse list_syntax = {
    .command = "ipcmark list",
    .operands = "[LIST]",
    .about =
        "Show the transports and which of them this machine can run, or another LIST: "
        "transports, patterns, framings, io (I/O backends), servers, "
        "formats (of reports).",
    .options = list_options,
    .operand = ipm_optparse_take_only,
    .fallback = "transports",
    .unexpected_hint = "'ipcmark list' shows one list at a time",
};

/* --- as text ------------------------------------------------------------------------- */

enum { LIST_NAME_COLUMNS = 10 };

static const char list_format[] = "%-*s %-7s %-13s %-8s %-8s %-9s %s\n";

/* Returns the width of the longest name. */
static int list_name_columns(const struct ipm_list *list, size_t columns) {
    for (size_t i = 0; i < list->count; i++)
        if (strlen(list->rows[i].name) > columns)
            columns = strlen(list->rows[i].name);
    return (int)columns;
}

static const char *list_max_size(char text[IPM_UNITS_TEXT_BYTES],
                                 const struct ipm_list_row *row) {
    if (row->reason != NULL)
        return "-";
    return row->max_message_bytes == SIZE_MAX
               ? "any"
               : ipm_units_size(text, row->max_message_bytes);
}

static void list_write_line(const char *label, const char *text, FILE *out) {
    if (text != NULL)
        ipm_clean_print(out, NULL, "    %s: %s\n", label, text);
}

/* An unavailable transport has its reason on a line of its own, because 80 columns are
 * not enough for another column. */
static void list_write_transport(const struct ipm_list_row *row, int columns, FILE *out) {
    char max_size[IPM_UNITS_TEXT_BYTES];
    (void)fprintf(out, list_format, columns, row->name, row->family, row->direction,
                  row->boundaries, row->reliable ? "yes" : "no",
                  row->connected ? "yes" : "no", list_max_size(max_size, row));
    ipm_clean_print(out, NULL, "    %s; addressing: %s\n", row->summary, row->addressing);
    list_write_line("plugin", row->plugin, out);
    list_write_line("unavailable", row->reason, out);
}

static int list_write_text(const void *context, FILE *out, struct ipm_err *err) {
    const struct ipm_list *list = context;
    const bool transports = list->count > 0 && list->rows[0].family != NULL;
    const int columns =
        list_name_columns(list, transports ? strlen("transport") : LIST_NAME_COLUMNS);
    (void)err;
    if (transports)
        (void)fprintf(out, list_format, columns, "transport", "family", "direction",
                      "boundary", "reliable", "connected", "max size");
    for (size_t i = 0; i < list->count; i++) {
        const struct ipm_list_row *row = &list->rows[i];
        if (transports)
            list_write_transport(row, columns, out);
        else
            (void)fprintf(out, "%-*s %s\n", columns, row->name, row->summary);
    }
    return 0;
}

/* --- the command ---------------------------------------------------------------------- */

static int list_write_json(const void *list, FILE *out, struct ipm_err *err) {
    return ipm_json_list(list, out, err);
}

/* `probes` is NULL unless the topic is the transports. */
static enum ipm_exit list_show(const struct list_request *request, struct ipm_list *list,
                               const struct ipm_name_table *topic,
                               struct ipm_probe *probes, struct ipm_err *err) {
    for (size_t i = 0; i < list->count; i++) {
        const struct ipm_term term = topic->at(i);
        list->rows[i] = (struct ipm_list_row){.name = term.name, .summary = term.summary};
    }
    if (probes != NULL)
        ipm_runner_probe(probes, 0);
    for (size_t i = 0; i < list->count && probes != NULL; i++)
        list_fill_transport(&list->rows[i], &probes[i], &request->plugins);
    return ipm_outputs_put(request->json ? list_write_json : list_write_text, list, "-",
                           err) < 0
               ? IPM_EXIT_BAD
               : IPM_EXIT_FINE;
}

static enum ipm_exit list_run(const struct ipm_call *call, struct ipm_err *err) {
    const struct list_request *request = call->request;
    const struct ipm_name_table *topic = list_find_topic(request->topic, err);
    if (topic == NULL)
        return IPM_EXIT_REFUSED;
    const bool transports = topic == &ipm_name_table_transports;
    struct ipm_list list = {.topic = topic->list};
    while (topic->at(list.count).name != NULL)
        list.count++;
    list.rows = calloc(list.count + 1, sizeof *list.rows);
    struct ipm_probe *probes = transports ? calloc(list.count + 1, sizeof *probes) : NULL;
    enum ipm_exit ending = IPM_EXIT_BAD;
    if (list.rows == NULL || (transports && probes == NULL))
        ipm_err_sys(err, -ENOMEM, "cannot make the list");
    else
        ending = list_show(request, &list, topic, probes, err);
    free(list.rows);
    free(probes);
    return ending;
}

const struct ipm_command ipm_command_list = {
    .name = "list",
    .summary = "show transports, patterns, framings, io, servers, formats",
    .syntax = &list_syntax,
    .request_bytes = sizeof(struct list_request),
    .run = list_run,
};
