/* list.c - `ipcmark list`: what this program can be asked for, and what of it this machine
 * can run. Must not know how a list is written down. */
#include "app/commands/list.h"

#include "app/cli/name_table.h"
#include "app/cli/optparse.h"
#include "app/cli/plugins.h"
#include "app/cli/suggest.h"
#include "app/commands/command.h"
#include "app/commands/help.h"
#include "app/output/document.h"
#include "base/err.h"
#include "model/plan/plan.h"
#include "run/schedule/runner.h"
#include "transports/transport.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct list_request {
    const struct ipm_name_table *topic;
    struct ipm_origins plugins;
    bool json;
};

/* What can be listed. */
static const struct ipm_name_table *const list_topics[] = {
    &ipm_name_table_transports,
    &ipm_name_table_patterns,
    &ipm_name_table_framings,
    &ipm_name_table_ios,
    &ipm_name_table_servers,
    &ipm_name_table_formats,
    NULL,
};

static int list_no_memory(struct ipm_err *err) {
    return ipm_err_sys(err, -ENOMEM, "cannot make the list");
}

/* Of transports there is more to say than a line. */
static int list_fill_transports(struct ipm_list *list, struct ipm_err *err) {
    struct ipm_probe *probes = calloc(list->count + 1, sizeof *probes);
    if (probes == NULL)
        return list_no_memory(err);
    ipm_runner_probe(probes, 0);
    list->probes = probes;
    return 0;
}

static int list_fill_terms(struct ipm_list *list, const struct ipm_name_table *topic,
                           struct ipm_err *err) {
    struct ipm_term *terms = calloc(list->count + 1, sizeof *terms);
    if (terms == NULL)
        return list_no_memory(err);
    for (size_t i = 0; i < list->count; i++)
        terms[i] = topic->at(i);
    list->terms = terms;
    return 0;
}

/* Gives the list room of its own, freed by list_done. */
static int list_fill(struct ipm_list *list, const struct ipm_name_table *topic,
                     struct ipm_err *err) {
    list->topic = topic->list;
    while (topic->at(list->count).name != NULL)
        list->count++;
    return topic == &ipm_name_table_transports ? list_fill_transports(list, err)
                                               : list_fill_terms(list, topic, err);
}

static void list_done(struct ipm_list *list) {
    free((void *)list->terms);
    free((void *)list->probes);
}

static const char *list_topic_word(const void *context, size_t i) {
    (void)context;
    return list_topics[i] != NULL ? list_topics[i]->list : NULL;
}

static int list_take(void *target, const char *word, struct ipm_err *err) {
    struct list_request *request = target;
    if (request->topic != NULL) {
        ipm_err_set(err, -EINVAL, "unexpected argument '%.100s'", word);
        ipm_err_hint(err, "'ipcmark list' shows one list at a time");
        return -EINVAL;
    }
    for (size_t i = 0; list_topics[i] != NULL; i++)
        if (strcmp(list_topics[i]->list, word) == 0)
            request->topic = list_topics[i];
    if (request->topic == NULL)
        return ipm_suggest(err, "list", word, list_topic_word, NULL,
                           "ipcmark list --help");
    return 0;
}

struct ipm_list_kinds ipm_list_kinds_of(const struct ipm_probe *probe) {
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
    bool messages = (transport->caps & IPM_CAP_MESSAGES) != 0;
    return (struct ipm_list_kinds){.family = families[transport->family],
                                   .direction = directions[transport->direction],
                                   .boundaries = messages ? "messages" : "stream"};
}

static const struct ipm_option list_options[] = {
    {.name = "json",
     .key = 256,
     .help = "as a JSON document",
     .set = ipm_optparse_set_true,
     .offset = offsetof(struct list_request, json)},
    IPM_OPTION_PLUGIN(257, offsetof(struct list_request, plugins)),
    IPM_OPTION_HELP,
    {0},
};

static const struct ipm_optparse list_syntax = {
    .command = "ipcmark list",
    .operands = "[LIST]",
    .about =
        "Show the transports and which of them this machine can run, or another LIST: "
        "transports, patterns, framings, io (ways of driving descriptors), servers, "
        "formats (of reports).",
    .options = list_options,
    .operand = list_take,
    .fallback = "transports",
};

static int list_write_text(const void *context, FILE *out, struct ipm_err *err) {
    return ipm_list_text(context, out, err);
}

static int list_write_json(const void *context, FILE *out, struct ipm_err *err) {
    return ipm_list_json(context, out, err);
}

static enum ipm_exit list_run(int argc, char **argv, struct ipm_err *err) {
    struct list_request request = {0};
    int parsed = ipm_optparse_parse(&list_syntax, argc, argv, 2, &request, err);
    if (parsed == IPM_OPTPARSE_HELP)
        return ipm_help_show(&list_syntax, err);
    if (parsed < 0)
        return IPM_EXIT_REFUSED;
    struct ipm_list list = {.plugins = &request.plugins};
    const struct ipm_document document = {
        .write = request.json ? list_write_json : list_write_text, .context = &list};
    enum ipm_exit outcome = IPM_EXIT_BAD;
    if (list_fill(&list, request.topic, err) == 0)
        outcome = ipm_document_put(&document, "-", err);
    list_done(&list);
    return outcome;
}

const struct ipm_command ipm_command_list = {
    .name = "list",
    .summary = "show transports, patterns, framings, io, servers, formats",
    .syntax = &list_syntax,
    .run = list_run,
};
