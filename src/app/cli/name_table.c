/* name_table.c - the tables whose names the command line accepts. */
#include "app/cli/name_table.h"

#include "app/cli/foreign.h"
#include "app/cli/lists.h"
#include "app/cli/optparse.h"
#include "base/counter.h"
#include "base/err.h"
#include "base/units.h"
#include "base/words.h"
#include "model/options.h"
#include "reports/renderer.h"
#include "run/framings/framing.h"
#include "run/io/io.h"
#include "run/patterns/pattern.h"
#include "run/servers/server.h"
#include "run/waits/wait.h"
#include "transports/transport.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Defines ipm_name_table_PLURAL over a table of pointers that ends with NULL. */
#define NAME_TABLE(item_, plural, command, table, name_member, ...)                      \
    static struct ipm_term name_table_##plural(size_t i) {                               \
        return (table)[i] != NULL                                                        \
                   ? (struct ipm_term){(table)[i]->name_member, (table)[i]->summary}     \
                   : (struct ipm_term){0};                                               \
    }                                                                                    \
    const struct ipm_name_table ipm_name_table_##plural = {.item = (item_),              \
                                                           .list = #plural,              \
                                                           .shown_by = (command),        \
                                                           .at = name_table_##plural,    \
                                                           __VA_ARGS__}

NAME_TABLE("transport", transports, "ipcmark list", ipm_transports, name);
NAME_TABLE("pattern", patterns, "ipcmark list patterns", ipm_patterns, kind.name);
NAME_TABLE("framing", framings, "ipcmark list framings", ipm_framings, name);
NAME_TABLE("io", io, "ipcmark list io", ipm_ios, name);
NAME_TABLE("server", servers, "ipcmark list servers", ipm_servers, strategy.name);
NAME_TABLE("wait", waits, "ipcmark list waits", ipm_waits, kind.name, .timed = "hybrid");
NAME_TABLE("format", formats, "ipcmark list formats", ipm_renderers, name);

const struct ipm_name_table *const ipm_name_tables[] = {
    &ipm_name_table_transports, &ipm_name_table_patterns,
    &ipm_name_table_framings,   &ipm_name_table_io,
    &ipm_name_table_servers,    &ipm_name_table_waits,
    &ipm_name_table_formats,    NULL,
};

static struct ipm_term name_table_counters(size_t i) {
    return (struct ipm_term){ipm_counter_rows[i].name, ipm_counter_rows[i].summary};
}
const struct ipm_name_table ipm_name_table_counters = {.item = "counter",
                                                       .list = "counters",
                                                       .shown_by = "ipcmark help run",
                                                       .at = name_table_counters};

struct name_table_taking {
    const struct ipm_name_table *table;
    struct ipm_names *names;
};

static const char *name_table_word(const void *context, size_t i) {
    const struct ipm_name_table *table = context;
    return table->at(i).name;
}

int ipm_name_table_refuse(const struct ipm_name_table *table, const char *word,
                          struct ipm_err *err) {
    if (table->timed != NULL && strpbrk(word, "0123456789") != NULL)
        ipm_err_hint(err, "only '%s' takes a time: '%s:5us'", table->timed, table->timed);
    if (table == &ipm_name_table_transports)
        ipm_foreign_test(word, err);
    ipm_foreign_hint_name(table->item, word, table->shown_by, err);
    return ipm_words_refuse(err, table->item, "", word, name_table_word, table,
                            table->shown_by);
}

/* Adds a name with a time, written in one way. Returns 0 or a negative errno. */
static int name_table_add_timed(const struct name_table_taking *taking, const char *word,
                                struct ipm_err *err) {
    const char *name = taking->table->timed;
    uint64_t ns = 0;
    int code = ipm_units_parse(&ipm_unit_time, word + strlen(name) + 1, name, 1,
                               IPM_WAIT_MOST_NS, &ns, err);
    if (code != 0)
        return code;
    const struct ipm_cell whole =
        ipm_cell_print("%s:%s", name, ipm_units_exact(&ipm_unit_time, ns).text);
    return ipm_lists_add_name(taking->names, taking->table->item, whole.text, err);
}

static bool name_table_is_timed(const struct ipm_name_table *table, const char *word) {
    const size_t length = table->timed != NULL ? strlen(table->timed) : 0;
    return length > 0 && strncmp(word, table->timed, length) == 0 && word[length] == ':';
}

/* A pattern of glob(7), or "all", stands for the names that it matches. */
static int name_table_add(void *context, const char *word, struct ipm_err *err) {
    const struct name_table_taking *taking = context;
    const struct ipm_name_table *table = taking->table;
    const char *pattern = strcmp(word, "all") == 0 ? "*" : word;
    const char *name = NULL;
    bool found = false;
    int code = 0;
    if (name_table_is_timed(table, word))
        return name_table_add_timed(taking, word, err);
    for (size_t i = 0; code == 0 && (name = table->at(i).name) != NULL; i++) {
        if (fnmatch(pattern, name, 0) != 0)
            continue;
        found = true;
        code = ipm_lists_add_name(taking->names, table->item, name, err);
    }
    return found ? code : ipm_name_table_refuse(table, word, err);
}

int ipm_name_table_take(const struct ipm_name_table *table, const char *list,
                        struct ipm_names *names, struct ipm_err *err) {
    struct name_table_taking taking = {.table = table, .names = names};
    return ipm_lists_split(list, table->item, name_table_add, &taking, err);
}

bool ipm_name_table_holds(const struct ipm_name_table *table, const char *list) {
    struct ipm_names names = {0};
    return ipm_name_table_take(table, list, &names, NULL) == 0;
}

const char *ipm_name_table_mean(const struct ipm_name_table *table, const char *word) {
    const char *name = NULL;
    for (size_t i = 0; (name = table->at(i).name) != NULL; i++)
        if (strcasecmp(name, word) == 0)
            return name;
    return ipm_foreign_name(table->item, word);
}

int ipm_name_table_set(const struct ipm_option *option, void *target, const char *value,
                       struct ipm_err *err) {
    struct ipm_names *names = ipm_optparse_member(option, target);
    names->count = 0;
    return ipm_name_table_take(option->table, value, names, err);
}
