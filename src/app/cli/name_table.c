/* name_table.c - every table that the command line has words for, looked at in one way. Must
 * not know any of the words. */
#include "app/cli/name_table.h"

#include "app/cli/lists.h"
#include "app/cli/suggest.h"
#include "reports/renderer.h"
#include "run/framings/framing.h"
#include "run/io/io.h"
#include "run/patterns/pattern.h"
#include "run/servers/server.h"
#include "transports/transport.h"

#include <string.h>

/* --- the tables --------------------------------------------------------------------- */

static struct ipm_term name_table_transport(size_t i) {
    const struct ipm_transport *row = ipm_transports[i];
    return row != NULL ? (struct ipm_term){row->name, row->summary}
                       : (struct ipm_term){0};
}

static struct ipm_term name_table_pattern(size_t i) {
    const struct ipm_pattern *row = ipm_patterns[i];
    return row != NULL ? (struct ipm_term){row->kind.name, row->summary}
                       : (struct ipm_term){0};
}

static struct ipm_term name_table_framing(size_t i) {
    const struct ipm_framing *row = ipm_framings[i];
    return row != NULL ? (struct ipm_term){row->name, row->summary}
                       : (struct ipm_term){0};
}

static struct ipm_term name_table_io(size_t i) {
    const struct ipm_io *row = ipm_ios[i];
    return row != NULL ? (struct ipm_term){row->name, row->summary}
                       : (struct ipm_term){0};
}

static struct ipm_term name_table_server(size_t i) {
    const struct ipm_server *row = ipm_servers[i];
    return row != NULL ? (struct ipm_term){row->strategy.name, row->summary}
                       : (struct ipm_term){0};
}

static struct ipm_term name_table_format(size_t i) {
    const struct ipm_renderer *row = ipm_renderers[i];
    return row != NULL ? (struct ipm_term){row->name, row->summary}
                       : (struct ipm_term){0};
}

const struct ipm_name_table ipm_name_table_transports = {
    "transport", "transports", "ipcmark list", name_table_transport};
const struct ipm_name_table ipm_name_table_patterns = {
    "pattern", "patterns", "ipcmark list patterns", name_table_pattern};
const struct ipm_name_table ipm_name_table_framings = {
    "framing", "framings", "ipcmark list framings", name_table_framing};
const struct ipm_name_table ipm_name_table_ios = {"io", "io", "ipcmark list io",
                                                  name_table_io};
const struct ipm_name_table ipm_name_table_servers = {
    "server", "servers", "ipcmark list servers", name_table_server};
const struct ipm_name_table ipm_name_table_formats = {
    "format", "formats", "ipcmark list formats", name_table_format};

/* --- lists of their words ----------------------------------------------------------- */

struct name_table_taking {
    const struct ipm_name_table *vocabulary;
    struct ipm_names *names;
};

static const char *name_table_word(const void *context, size_t i) {
    const struct ipm_name_table *vocabulary = context;
    return vocabulary->at(i).name;
}

static int name_table_add_all(const struct name_table_taking *taking,
                              struct ipm_err *err) {
    const struct ipm_name_table *vocabulary = taking->vocabulary;
    int code = 0;
    for (size_t i = 0; code == 0 && vocabulary->at(i).name != NULL; i++)
        code = ipm_lists_add_name(taking->names, vocabulary->item, vocabulary->at(i).name,
                                  err);
    return code;
}

static int name_table_add(void *context, const char *word, struct ipm_err *err) {
    const struct name_table_taking *taking = context;
    const struct ipm_name_table *vocabulary = taking->vocabulary;
    if (strcmp(word, "all") == 0)
        return name_table_add_all(taking, err);
    size_t i = 0;
    while (vocabulary->at(i).name != NULL && strcmp(vocabulary->at(i).name, word) != 0)
        i++;
    if (vocabulary->at(i).name == NULL)
        return ipm_suggest(err, vocabulary->item, word, name_table_word, vocabulary,
                           vocabulary->shown_by);
    return ipm_lists_add_name(taking->names, vocabulary->item, word, err);
}

int ipm_name_table_take(const struct ipm_name_table *vocabulary, const char *list,
                        struct ipm_names *names, struct ipm_err *err) {
    struct name_table_taking taking = {.vocabulary = vocabulary, .names = names};
    return ipm_lists_split(list, vocabulary->item, name_table_add, &taking, err);
}
