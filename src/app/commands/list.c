/* list.c - `ipcmark list`: the tables of this program, and the transports that this
 * machine can run. */
#include "reports/json/list.h"
#include "app/cli/foreign.h"
#include "app/cli/name_table.h"
#include "app/cli/optparse.h"
#include "app/cli/plugins.h"
#include "app/commands/command.h"
#include "app/commands/run_options.h"
#include "app/output/ending.h"
#include "app/output/outputs.h"
#include "base/err.h"
#include "base/units.h"
#include "base/words.h"
#include "model/plan/plan.h"
#include "reports/common/clean.h"
#include "run/schedule/runner.h"
#include "transports/transport.h"

#include <errno.h>
#include <fnmatch.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct list_request {
    const char *topic; /* first: see ipm_optparse_take_only */
    struct ipm_origins plugins;
    const char *json; /* the file, "-"; NULL: text is written */
};

/* The lists, then the transports. */
static const char *list_topic_word(const void *context, size_t i) {
    size_t topics = 0;
    (void)context;
    while (ipm_name_tables[topics] != NULL)
        topics++;
    return i < topics ? ipm_name_tables[i]->list
                      : ipm_name_table_transports.at(i - topics).name;
}

/* How many rows of the topic a name, or a pattern, selects. */
static size_t list_count_matches(const struct ipm_name_table *topic, const char *word) {
    size_t count = 0;
    for (size_t i = 0; topic->at(i).name != NULL; i++)
        count += fnmatch(word, topic->at(i).name, 0) == 0;
    return count;
}

/* Returns the list of that name, with "*" for its rows, or the first list with a row that
 * the word selects, or NULL. */
static const struct ipm_name_table *list_select(const char *word, const char **ret_only) {
    *ret_only = "*";
    for (size_t i = 0; ipm_name_tables[i] != NULL; i++)
        if (strcmp(ipm_name_tables[i]->list, word) == 0)
            return ipm_name_tables[i];
    *ret_only = word;
    for (size_t i = 0; ipm_name_tables[i] != NULL; i++)
        if (list_count_matches(ipm_name_tables[i], word) > 0)
            return ipm_name_tables[i];
    return NULL;
}

/* After --json: what can be listed is the operand. */
static bool list_is_file(const char *word) {
    const char *only = NULL;
    return (word[0] != '-' || word[1] == '\0') && list_select(word, &only) == NULL;
}

static int list_set_json(const struct ipm_option *option, void *target, const char *value,
                         struct ipm_err *err) {
    struct list_request *request = target;
    request->json = value != NULL ? value : "-";
    int code = ipm_optparse_check_text(option, request->json, err);
    if (code == 0)
        code = ipm_ending_check_json(request->json, err);
    return code != 0 ? code : ipm_outputs_check_name(request->json, err);
}

bool ipm_list_knows(const char *word) {
    const char *only = NULL;
    return list_select(word, &only) != NULL;
}

static const struct ipm_name_table *
list_find_topic(const char *word, const char **ret_only, struct ipm_err *err) {
    const struct ipm_name_table *topic = list_select(word, ret_only);
    if (topic != NULL)
        return topic;
    ipm_foreign_hint_name("list", word, "ipcmark list --help", err);
    if (ipm_words_nearest(word, list_topic_word, NULL) == NULL)
        ipm_foreign_command(word, NULL, err);
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
    IPM_OPTION("json", 0,
               "write a JSON document, to standard output without FILE or with '-'",
               .argument = "[FILE]", .is_value = list_is_file, .set = list_set_json),
    IPM_OPTION_PLUGIN(offsetof(struct list_request, plugins)),
    IPM_OPTION_HELP,
    {0},
};

static const struct ipm_optparse list_syntax = {
    .command = "ipcmark list",
    .operands = "[LIST|NAME]",
    .about =
        "Show the transports and which of them this machine can run, or another LIST: "
        "transports, patterns, framings, io (I/O backends), servers, waits (ways of "
        "waiting), formats (of reports). A NAME, or a pattern such as 'tcp*', selects "
        "rows; the name of a transport shows all that is known of it.",
    .after = "examples:\n"
             "  ipcmark list\n"
             "  ipcmark list patterns\n"
             "  ipcmark list 'unix*' --json\n"
             "  ipcmark list tcp",
    .options = list_options,
    .operand = ipm_optparse_take_only,
    .fallback = "transports",
    .unexpected_hint = "'ipcmark list' shows one list at a time",
    .run = &ipm_run_syntax,
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

static struct ipm_cell list_max_size(const struct ipm_list_row *row) {
    if (row->reason != NULL)
        return (struct ipm_cell){"-"};
    if (row->max_message_bytes == SIZE_MAX)
        return (struct ipm_cell){"any"};
    return ipm_units_size(row->max_message_bytes);
}

static void list_write_line(const char *label, const char *text, FILE *out) {
    if (text != NULL)
        ipm_clean_print(out, NULL, "    %s: %s\n", label, text);
}

/* An unavailable transport has its reason on a line of its own, because 80 columns are
 * not enough for another column. */
static void list_write_transport(const struct ipm_list_row *row, int columns, FILE *out) {
    (void)fprintf(out, list_format, columns, row->name, row->family, row->direction,
                  row->boundaries, row->reliable ? "yes" : "no",
                  row->connected ? "yes" : "no", list_max_size(row).text);
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

/* --- one transport ------------------------------------------------------------------- */

struct list_page {
    const struct ipm_list_row *row;
    const struct ipm_probe *probe;
};

static const struct {
    unsigned cap; /* enum ipm_cap */
    const char *words;
} list_caps[] = {
    {IPM_CAP_MESSAGES, "preserves message boundaries"},
    {IPM_CAP_RELIABLE, "loses, duplicates and reorders nothing"},
    {IPM_CAP_CONNECTED, "tells the receiver when the sender is gone"},
    {IPM_CAP_CONGESTION, "takes a congestion control: --congestion"},
    {IPM_CAP_HOLLOW, "moves nothing, and measures ipcmark itself"},
    {IPM_CAP_MULTI, "serves many clients: -p fan-in,fan-in-rpc"},
    {IPM_CAP_SHARED, "has one endpoint at the server for all clients"},
    {IPM_CAP_POLLABLE, "has descriptors for poll(2): --wait, --server select,poll,epoll"},
    {IPM_CAP_PLAIN, "makes plain calls on descriptors: --io uring"},
    {IPM_CAP_IN_PLACE, "writes and reads messages in place, unless --copy"},
    {IPM_CAP_LOOKS, "can poll memory for new messages: --wait hybrid,spin"},
    {IPM_CAP_UNWOKEN, "never sleeps"},
    {IPM_CAP_REMOTE, "also connects two machines"},
    {IPM_CAP_HOLDS, "may hold messages that poll(2) does not tell of"},
    {IPM_CAP_UNBUFFERED, "a sender waits until its message is read"},
};

static void list_write_field(const char *label, const char *text, FILE *out) {
    if (text == NULL || text[0] == '\0')
        return;
    (void)fprintf(out, "  %-12s ", label);
    ipm_clean_print(out, NULL, "%s\n", text);
}

static int list_write_page(const void *context, FILE *out, struct ipm_err *err) {
    const struct list_page *page = context;
    const struct ipm_list_row *row = page->row;
    const struct ipm_transport *transport = page->probe->transport;
    const char *label = "capabilities";
    (void)err;
    ipm_clean_print(out, NULL, "%s: %s\n\n", row->name, row->summary);
    list_write_field("family", row->family, out);
    list_write_field("direction", row->direction, out);
    list_write_field("boundary", row->boundaries, out);
    list_write_field("reliable", row->reliable ? "yes" : "no", out);
    list_write_field("connected", row->connected ? "yes" : "no", out);
    list_write_field("addressing", row->addressing, out);
    list_write_field("max size", list_max_size(row).text, out);
    list_write_field("limited by", page->probe->advice, out);
    for (size_t i = 0; i < sizeof list_caps / sizeof list_caps[0]; i++) {
        if ((transport->caps & list_caps[i].cap) == 0)
            continue;
        (void)fprintf(out, "  %-12s %s\n", label, list_caps[i].words);
        label = "";
    }
    if (transport->connect != NULL)
        (void)fprintf(out, "  %-12s makes connections: -p connect\n", label);
    list_write_field("plugin", row->plugin, out);
    list_write_field("here", row->reason == NULL ? "can run" : "unavailable", out);
    list_write_field("unavailable", row->reason, out);
    (void)fprintf(out, "  %-12s ipcmark run %s\n", "to measure", row->name);
    return 0;
}

/* --- the command ---------------------------------------------------------------------- */

static int list_write_json(const void *list, FILE *out, struct ipm_err *err) {
    return ipm_json_list(list, out, err);
}

/* Keeps the rows, and the probes beside them, that the pattern selects. */
static void list_keep(struct ipm_list *list, struct ipm_probe *probes, const char *only) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (fnmatch(only, list->rows[i].name, 0) != 0)
            continue;
        list->rows[kept] = list->rows[i];
        if (probes != NULL)
            probes[kept] = probes[i];
        kept++;
    }
    list->count = kept;
}

static enum ipm_exit list_put(const struct list_request *request,
                              const struct ipm_list *list, const struct ipm_probe *probes,
                              const char *only, struct ipm_err *err) {
    const struct list_page page = {list->rows, probes};
    int code = 0;
    if (request->json != NULL)
        code = ipm_outputs_put(list_write_json, list, request->json, err);
    else if (probes != NULL && list->count == 1 && strcmp(only, list->rows[0].name) == 0)
        code = ipm_outputs_put(list_write_page, &page, "-", err);
    else
        code = ipm_outputs_put(list_write_text, list, "-", err);
    return code < 0 ? IPM_EXIT_REFUSED : IPM_EXIT_FINE;
}

/* `probes` is NULL unless the topic is the transports. */
static enum ipm_exit list_show(const struct list_request *request, struct ipm_list *list,
                               const struct ipm_name_table *topic, const char *only,
                               struct ipm_probe *probes, struct ipm_err *err) {
    for (size_t i = 0; i < list->count; i++) {
        const struct ipm_term term = topic->at(i);
        list->rows[i] = (struct ipm_list_row){.name = term.name, .summary = term.summary};
    }
    if (probes != NULL)
        ipm_runner_probe(probes, 0);
    for (size_t i = 0; i < list->count && probes != NULL; i++)
        list_fill_transport(&list->rows[i], &probes[i], &request->plugins);
    list_keep(list, probes, only);
    return list_put(request, list, probes, only, err);
}

static enum ipm_exit list_run(const struct ipm_call *call, struct ipm_err *err) {
    const struct list_request *request = call->request;
    const char *only = NULL;
    const struct ipm_name_table *topic = list_find_topic(request->topic, &only, err);
    if (topic == NULL)
        return IPM_EXIT_REFUSED;
    if (request->json != NULL && strcmp(request->json, "-") != 0 &&
        ipm_outfile_check(request->json, err) < 0)
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
        ending = list_show(request, &list, topic, only, probes, err);
    free(list.rows);
    free(probes);
    return ending;
}

const struct ipm_command ipm_command_list = {
    .name = "list",
    .summary = "show transports, patterns, framings, io, servers, waits, formats",
    .syntax = &list_syntax,
    .request_bytes = sizeof(struct list_request),
    .run = list_run,
};
