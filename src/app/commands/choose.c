/* choose.c - `ipcmark choose`: a stored report -> which transport to use. */
#include "app/cli/foreign.h"
#include "app/cli/lists.h"
#include "app/cli/name_table.h"
#include "app/cli/optparse.h"
#include "app/cli/plugins.h"
#include "app/commands/choose_run.h"
#include "app/commands/command.h"
#include "app/commands/input.h"
#include "app/commands/run_options.h"
#include "app/commands/version.h"
#include "app/output/outputs.h"
#include "base/err.h"
#include "base/words.h"
#include "model/choose/choice.h"
#include "reports/renderer.h"
#include "transports/transport.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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
    {.help = "the question; '--size' is required"},
    IPM_OPTION("size", 's', "size of a message", .is_list = true,
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
    IPM_OPTION("pin", 0, "placements, as 'ipcmark run --pin' takes them",
               CHOOSE_LIST(pins, pins)),
    IPM_OPTION("rate", 0, "messages per second that each sender offers; max: no rate",
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
    .operands = "--size SIZE REPORT.json",
    .about =
        "Rank the transports of a report ('-': from standard input) for one message "
        "size. Transports that are not known to differ, compared round by round, share "
        "a rank. Between measured sizes the cost model answers where there is one; "
        "nothing is extrapolated.",
    .after =
        "The exit status is 3 when the report cannot answer: then the command line of\n"
        "an 'ipcmark run' is printed whose report could.\n"
        "\n"
        "examples:\n"
        "  ipcmark choose --size 4K report.json\n"
        "  ipcmark choose --size 64 --pattern ping-pong --bound p99 report.json\n"
        "  ipcmark choose --size 4K --needs boundaries,both-ways report.json",
    .options = choose_options,
    .operand = ipm_optparse_take_only,
    .unexpected_hint = "'ipcmark choose' takes one report; '--size' takes the size",
    .run = &ipm_run_syntax,
};

/* --- the run ---------------------------------------------------------------------------- */

static int choose_check(struct choose_request *request, struct ipm_err *err) {
    if (request->input == NULL)
        return ipm_err_refuse(err, "name a file of 'ipcmark run --json FILE', or '-'",
                              "no report given");
    if (request->question.message_bytes == 0)
        return ipm_err_refuse(err, "give the size of a message, such as '--size 4K'",
                              "no size given");
    if (ipm_choose_run_check(&request->question, err) < 0)
        return -EINVAL;
    int code = ipm_outputs_add_text(&request->outputs, request->quiet, err);
    return code == 0 ? ipm_outputs_check(&request->outputs, IPM_DOCUMENT_CHOICE, err)
                     : code;
}

/* The text has the command line to run next. */
static bool choose_shows_text(const struct choose_request *request) {
    const struct ipm_output *standard = ipm_outputs_standard(&request->outputs);
    return standard != NULL && strcmp(standard->renderer->name, "text") == 0;
}

static enum ipm_exit choose_write(struct choose_request *request,
                                  const struct ipm_choice *choice, struct ipm_err *err) {
    const struct ipm_document document = {.kind = IPM_DOCUMENT_CHOICE, .choice = choice};
    if (ipm_outputs_write(&request->outputs, &document, request->color, err) < 0)
        return IPM_EXIT_BAD;
    if (choice->command[0] == '\0')
        return IPM_EXIT_FINE;
    ipm_err_set(err, -ENODATA, "the report has no answer for %s",
                ipm_units_size(choice->question.message_bytes).text);
    if (!choose_shows_text(request) && strlen(choice->command) < IPM_ERR_HINT_BYTES)
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
        ipm_choose_run_write(choice, report);
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
    const struct ipm_document document = {.kind = IPM_DOCUMENT_CHOICE, .choice = &choice};
    (void)call;
    ipm_version_fill(&choice.tool);
    (void)snprintf(choice.error, sizeof choice.error, "%s", error);
    (void)ipm_outputs_put_as("json", &document, "-", IPM_WHEN_NEVER, NULL);
}

const struct ipm_command ipm_command_choose = {
    .name = "choose",
    .summary = "say which transport to use, from a report",
    .syntax = &choose_syntax,
    .request_bytes = sizeof(struct choose_request),
    .run = choose_run,
    .refuse = choose_refuse,
};
