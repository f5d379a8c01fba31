/* choose.c - `ipcmark choose`: a stored report -> which transport to use. */
#include "app/cli/foreign.h"
#include "app/cli/lists.h"
#include "app/cli/name_table.h"
#include "app/cli/optparse.h"
#include "app/cli/plugins.h"
#include "app/commands/command.h"
#include "app/commands/input.h"
#include "app/commands/run_request.h"
#include "app/commands/version.h"
#include "app/output/outputs.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "base/words.h"
#include "model/choose/choice.h"
#include "model/plan/pin.h"
#include "reports/renderer.h"
#include "run/patterns/pattern.h"
#include "transports/transport.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* With fewer trials a median has no interval (model/report/stats.h). */
enum { CHOOSE_ROUNDS_LEAST = 6 };

struct choose_request {
    const char *input; /* first: see ipm_optparse_take_only */
    struct ipm_choice_question question;
    struct ipm_outputs outputs;
    bool quiet;
    enum ipm_when color;
};

/* --- what to rank by, and what is needed ------------------------------------------------ */

/* The percentiles, a short name for the CPU time, then the metrics. */
static const char *choose_bound(const void *context, size_t i) {
    size_t count = 0;
    (void)context;
    for (; ipm_percentiles[count].word != NULL; count++)
        if (i == count)
            return ipm_percentiles[i].word;
    if (i == count)
        return "cpu";
    i -= count + 1;
    for (size_t m = 0; m < IPM_METRICS; m++)
        if (ipm_metrics[m].name != NULL && i-- == 0)
            return ipm_metrics[m].name;
    return NULL;
}

static int choose_set_bound(const struct ipm_option *option, void *target,
                            const char *value, struct ipm_err *err) {
    const struct ipm_metric **bound = ipm_optparse_member(option, target);
    *bound = ipm_metric_find(value);
    if (*bound == NULL)
        *bound = ipm_metric_find_percentile(value);
    if (strcmp(value, "cpu") == 0)
        *bound = &ipm_metrics[IPM_METRIC_CPU_PER_BYTE];
    if (*bound == NULL)
        ipm_foreign_hint_name("bound", value, "ipcmark help choose", err);
    return *bound != NULL ? 0
                          : ipm_words_refuse(err, option->name, "", value, choose_bound,
                                             NULL, "ipcmark help choose");
}

static const char *choose_need(const void *context, size_t i) {
    (void)context;
    return ipm_needs[i].name;
}

static int choose_add_need(void *context, const char *word, struct ipm_err *err) {
    unsigned *needs = context;
    for (size_t i = 0; ipm_needs[i].name != NULL; i++) {
        if (strcmp(ipm_needs[i].name, word) != 0)
            continue;
        *needs |= 1u << i;
        return 0;
    }
    ipm_foreign_hint_name("need", word, "ipcmark help choose", err);
    return ipm_words_refuse(err, "need", "", word, choose_need, NULL,
                            "ipcmark help choose");
}

static int choose_set_needs(const struct ipm_option *option, void *target,
                            const char *value, struct ipm_err *err) {
    return ipm_lists_split(value, "need", choose_add_need,
                           ipm_optparse_member(option, target), err);
}

/* --- the table -------------------------------------------------------------------------- */

#define CHOOSE_AT(member) offsetof(struct choose_request, member)
#define CHOOSE_NAMES(member, words)                                                      \
    .argument = "LIST", .is_list = true, .set = ipm_name_table_set,                      \
    .offset = CHOOSE_AT(question.wanted.member), .table = &ipm_name_table_##words
#define CHOOSE_LIST(member, kind)                                                        \
    .argument = "LIST", .is_list = true, .set = ipm_lists_set,                           \
    .offset = CHOOSE_AT(question.wanted.member), .table = &ipm_list_##kind

static const struct ipm_option choose_options[] = {
    {.help = "the question"},
    IPM_OPTION("size", 's', "size of a message; required",
               IPM_OPTION_NUMBER(struct choose_request, question.message_bytes, size, 1,
                                 IPM_SIZE_MOST)),
    IPM_OPTION("bound", 0,
               "what to rank by; without it, the primary metric of the pattern; any of",
               .argument = "METRIC", .choice = choose_bound, .set = choose_set_bound,
               .offset = CHOOSE_AT(question.bound)),
    IPM_OPTION("needs", 0, "what the transport must have; any of", .argument = "LIST",
               .choice = choose_need, .set = choose_set_needs,
               .offset = CHOOSE_AT(question.needs)),
    {.help = "which cases of the report; without an option, a ranking for each"},
    IPM_OPTION("pattern", 'p', "communication patterns",
               CHOOSE_NAMES(patterns, patterns)),
    IPM_OPTION("pin", 0, "placements: none, same, split, or CPU:CPU",
               CHOOSE_LIST(pins, pins)),
    IPM_OPTION("rate", 0, "offered messages per second and client; max: no rate",
               .offered = "max", CHOOSE_LIST(rate_per_second, rates)),
    IPM_OPTION("framing", 'f', "framings", CHOOSE_NAMES(framings, framings)),
    IPM_OPTION("io", 0, "I/O backends", CHOOSE_NAMES(ios, io)),
    IPM_OPTION("clients", 'c', "numbers of clients", CHOOSE_LIST(clients, clients)),
    IPM_OPTION("pairs", 0, "numbers of pairs", CHOOSE_LIST(pairs, pairs)),
    IPM_OPTION("server", 0, "server strategies", CHOOSE_NAMES(servers, servers)),
    IPM_OPTION("wait", 0, "ways of waiting: block, spin, poll, or hybrid[:TIME]",
               CHOOSE_NAMES(waits, waits)),
    IPM_OPTION_PLUGIN(CHOOSE_AT(question.wanted.plugins)),
    {.help = "output; '-' as FILE is standard output, instead of the text"},
    IPM_OPTION("json", 0, "write the answer as JSON", .argument = "FILE",
               .set = ipm_outputs_set_file, .offset = CHOOSE_AT(outputs)),
    IPM_OPTION("quiet", 'q', "no text: only errors and the requested file",
               IPM_OPTION_FLAG(struct choose_request, quiet)),
    IPM_OPTION_UNIT(struct choose_request),
    IPM_OPTION_WHEN(struct choose_request, color, "standard output"),
    IPM_OPTION_HELP,
    {0},
};

static const struct ipm_optparse choose_syntax = {
    .command = "ipcmark choose",
    .operands = "REPORT.json",
    .about =
        "Rank the transports of a report ('-': from standard input) for one message "
        "size. Transports that are not known to differ, compared round by round, have "
        "the same rank. Nothing is extrapolated; between measured sizes the cost model "
        "answers where there is "
        "one.",
    .after =
        "The exit status is 3 when the report cannot answer; the command whose report\n"
        "could is printed.\n"
        "\n"
        "examples:\n"
        "  ipcmark choose --size 4K report.json\n"
        "  ipcmark choose --size 64 --pattern ping-pong --bound p99 report.json\n"
        "  ipcmark choose --size 4K --needs boundaries,both-ways --json - report.json",
    .options = choose_options,
    .operand = ipm_optparse_take_only,
    .unexpected_hint = "'ipcmark choose' takes one report; '--size' takes the size",
    .run = &ipm_run_syntax,
};

/* --- the command that could answer ------------------------------------------------------ */

static void choose_add_list(struct ipm_strbuf *text, const char *option,
                            const struct ipm_names *names) {
    for (size_t i = 0; i < names->count; i++)
        (void)ipm_strbuf_add(text, "%s%s", i == 0 ? option : ",", names->items[i]);
}

static void choose_add_pins(struct ipm_strbuf *text, const struct ipm_pins *pins) {
    struct ipm_names words = {.count = pins->count};
    for (size_t i = 0; i < pins->count; i++)
        ipm_pin_word(words.items[i], &pins->items[i]);
    choose_add_list(text, " --pin ", &words);
}

/* Only a rate can be 0, which is "max". */
static void choose_add_numbers(struct ipm_strbuf *text, const char *option,
                               const struct ipm_sizes *numbers) {
    for (size_t i = 0; i < numbers->count; i++) {
        (void)ipm_strbuf_add(text, "%s", i == 0 ? option : ",");
        if (numbers->items[i] == 0)
            (void)ipm_strbuf_add(text, "max");
        else
            (void)ipm_strbuf_add(text, "%" PRIu64, numbers->items[i]);
    }
}

static bool choose_has(const struct ipm_names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return true;
    return false;
}

/* The transports of the report that meet the needs or, if none does, those of a run by default,
 * or all of this program. */
static void choose_add_transports(struct ipm_strbuf *text, unsigned needs,
                                  const struct ipm_names *measured) {
    static struct ipm_options usual; /* too large for a small stack */
    const struct ipm_names *const sets[] = {measured, &usual.transports, NULL};
    const size_t before = text->used;
    ipm_options_defaults(&usual);
    for (size_t set = 0; set < 3 && text->used == before; set++)
        for (size_t i = 0; ipm_transports[i] != NULL; i++)
            if ((sets[set] == NULL || choose_has(sets[set], ipm_transports[i]->name)) &&
                (ipm_transports[i]->caps & IPM_CAP_HOLLOW) == 0 &&
                ipm_choice_meets(ipm_transports[i], NULL, needs))
                (void)ipm_strbuf_add(text, " %s", ipm_transports[i]->name);
}

static bool choose_wants_clients(const struct ipm_options *wanted) {
    return wanted->servers.count > 0 || wanted->clients.count > 0;
}

/* Whether a pattern in question, or the one to be run, has one of the traits. */
static bool choose_has_trait(const struct ipm_names *patterns, unsigned traits) {
    for (size_t i = 0; i < patterns->count; i++) {
        const struct ipm_pattern *pattern = ipm_pattern_find(patterns->items[i]);
        if (pattern != NULL && (pattern->kind.traits & traits) != 0)
            return true;
    }
    return false;
}

/* Adds the pattern to be run where the question names none and the usual one has not what it asks
 * for. */
static void choose_set_pattern(const struct ipm_choice_question *question,
                               struct ipm_names *patterns) {
    const bool clients = choose_wants_clients(&question->wanted);
    const bool latency = question->bound != NULL && question->bound->quantile > 0;
    const char *pattern = clients ? latency ? "fan-in-rpc" : "fan-in" : "ping-pong";
    if (patterns->count == 0 && (clients || latency))
        (void)snprintf(patterns->items[patterns->count++], IPM_NAME_BYTES, "%s", pattern);
}

/* Returns what a transport must have, also to run these patterns. */
static unsigned choose_needs_of(unsigned needs, const struct ipm_names *patterns) {
    for (size_t i = 0; ipm_needs[i].name != NULL; i++)
        if (choose_has_trait(patterns, ipm_needs[i].trait))
            needs |= 1u << i;
    return needs;
}

/* Whether there is no answer because of placements that mix. */
static bool choose_mixes(const struct ipm_choice *choice) {
    bool mixes = false;
    for (size_t i = 0; i < choice->group_count && !mixes; i++)
        mixes = choice->groups[i].mixes;
    return mixes;
}

static void choose_command(struct ipm_choice *choice, const struct ipm_report *report) {
    const struct ipm_choice_question *question = &choice->question;
    const struct ipm_options *wanted = &question->wanted;
    const struct ipm_options *had = &report->settings;
    struct ipm_strbuf text = ipm_strbuf_over(choice->command, sizeof choice->command);
    static struct ipm_names patterns; /* too large for a small stack */
    char size[IPM_UNITS_TEXT_BYTES];
    (void)ipm_strbuf_add(&text, "ipcmark run -s %s",
                         ipm_units_size(size, question->message_bytes));
    patterns = wanted->patterns;
    choose_set_pattern(question, &patterns);
    choose_add_list(&text, " -p ", &patterns);
    if (choose_mixes(choice))
        (void)ipm_strbuf_add(&text, " --pin same,split");
    else
        choose_add_pins(&text, wanted->pins.count > 0 ? &wanted->pins : &had->pins);
    choose_add_list(&text, " -f ", &wanted->framings);
    choose_add_list(&text, " --io ", &wanted->ios);
    choose_add_numbers(&text, " -c ", &wanted->clients);
    choose_add_numbers(&text, " --pairs ", &wanted->pairs);
    choose_add_numbers(&text, " --rate ", &wanted->rate_per_second);
    choose_add_list(&text, " --server ", &wanted->servers);
    choose_add_list(&text, " --wait ", &wanted->waits);
    if (had->rounds < CHOOSE_ROUNDS_LEAST)
        (void)ipm_strbuf_add(&text, " -r 10");
    (void)ipm_strbuf_add(&text, " --json more.json");
    choose_add_transports(&text, choose_needs_of(question->needs, &patterns),
                          &had->transports);
}

/* --- the run ---------------------------------------------------------------------------- */

static int choose_check(struct choose_request *request, struct ipm_err *err) {
    if (request->input == NULL)
        return ipm_err_refuse(err, "name a file of 'ipcmark run --json FILE', or '-'",
                              "no report given");
    if (request->question.message_bytes == 0)
        return ipm_err_refuse(err, "give the size of a message, such as '--size 4K'",
                              "no size given");
    const struct ipm_options *wanted = &request->question.wanted;
    if (wanted->patterns.count > 0 && choose_wants_clients(wanted) &&
        !choose_has_trait(&wanted->patterns, IPM_TRAIT_CLIENTS))
        return ipm_err_refuse(err, "'-p fan-in,fan-in-rpc' are those that have",
                              "'%s' is for patterns with many clients",
                              wanted->clients.count > 0 ? "--clients" : "--server");
    int code = ipm_outputs_add_text(&request->outputs, request->quiet, err);
    return code == 0 ? ipm_outputs_check(&request->outputs, err) : code;
}

static enum ipm_exit choose_write(struct choose_request *request,
                                  const struct ipm_choice *choice, struct ipm_err *err) {
    const struct ipm_document document = {.choice = choice};
    char size[IPM_UNITS_TEXT_BYTES];
    if (ipm_outputs_write(&request->outputs, &document, request->color, err) < 0)
        return IPM_EXIT_BAD;
    if (choice->command[0] == '\0')
        return IPM_EXIT_FINE;
    ipm_err_set(err, -ENODATA, "the report has no answer for %s",
                ipm_units_size(size, choice->question.message_bytes));
    if (strlen(choice->command) < IPM_ERR_HINT_BYTES)
        ipm_err_hint(err, "%s", choice->command);
    return IPM_EXIT_UNDECIDED;
}

static enum ipm_exit choose_answer(struct choose_request *request,
                                   struct ipm_report *report, struct ipm_choice *choice,
                                   struct ipm_err *err) {
    if (choose_check(request, err) < 0 || ipm_input_read(report, request->input, err) < 0)
        return IPM_EXIT_REFUSED;
    (void)snprintf(choice->input, sizeof choice->input, "%s", request->input);
    choice->question = request->question;
    choice->question.find = ipm_transport_find;
    ipm_version_fill(&choice->tool);
    (void)snprintf(choice->hostname, sizeof choice->hostname, "%s",
                   report->host.hostname);
    (void)snprintf(choice->started_at, sizeof choice->started_at, "%s",
                   report->run.started_at);
    const int failed = ipm_choice_make(choice, report);
    if (failed != 0) {
        ipm_err_sys(err, failed, "cannot choose");
        return IPM_EXIT_BAD;
    }
    if (ipm_choice_count(choice) == 0)
        choose_command(choice, report);
    return choose_write(request, choice, err);
}

static enum ipm_exit choose_run(const struct ipm_call *call, struct ipm_err *err) {
    static struct ipm_report report; /* too large for a small stack, like the choice */
    static struct ipm_choice choice;
    ipm_report_init(&report);
    enum ipm_exit ending = choose_answer(call->request, &report, &choice, err);
    ipm_choice_done(&choice);
    ipm_report_done(&report);
    return ending;
}

/* Writes an answer without groups. */
static void choose_refuse(const struct ipm_call *call, const char *error) {
    static struct ipm_choice choice;
    const struct ipm_document document = {.choice = &choice};
    struct ipm_outputs outputs = {0};
    (void)call;
    ipm_version_fill(&choice.tool);
    (void)snprintf(choice.error, sizeof choice.error, "%s", error);
    if (ipm_outputs_add(&outputs, "json", "-", NULL) == 0)
        (void)ipm_outputs_write(&outputs, &document, IPM_WHEN_NEVER, NULL);
}

const struct ipm_command ipm_command_choose = {
    .name = "choose",
    .summary = "say which transport to use, from a report",
    .syntax = &choose_syntax,
    .request_bytes = sizeof(struct choose_request),
    .run = choose_run,
    .refuse = choose_refuse,
};
