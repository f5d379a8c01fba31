/* gate_options.c - the options of `gate`. */
#include "app/commands/gate_options.h"
#include "base/cell.h"

#include "app/commands/baseline.h"
#include "app/commands/run_options.h"
#include "base/err.h"
#include "model/compare/comparison.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const double GATE_THRESHOLD = 0.02;

#define GATE_HOUR_NS ((uint64_t)3600000000000)

static const struct ipm_option gate_options[] = {
    {.help = "what to compare with; one of the first two is required"},
    IPM_OPTION(
        "baseline-dir", 0,
        "a folder with the reports of former runs; a run that passes is saved there, "
        "and the first run starts the history",
        .argument = "DIR", IPM_OPTION_TEXT(struct ipm_gate_request, folder)),
    IPM_OPTION(
        "binary-base", 0,
        "another ipcmark, which is measured in blocks that alternate with those of "
        "this one",
        .argument = "FILE", IPM_OPTION_TEXT(struct ipm_gate_request, binary_base)),
    IPM_OPTION("baseline-count", 0,
               "number of reports of DIR that count: the last ones, by file name, of the "
               "same machine and settings",
               .fallback = "10",
               IPM_OPTION_NUMBER(struct ipm_gate_request, folder_most, count, 1, 64)),
    {.help = "how to measure and judge"},
    IPM_OPTION("blocks", 'n', "number of blocks in which suspects are measured again",
               .fallback = "30",
               IPM_OPTION_NUMBER(struct ipm_gate_request, blocks, count, 1, 1000)),
    IPM_OPTION(
        "budget", 0,
        "limit on the time of all measurements, of which only the first one is made "
        "whole; at most a quarter of it replaces trials whose CPU time other processes "
        "took, and slowed ones",
        IPM_OPTION_NUMBER(struct ipm_gate_request, budget_ns, time, 4000000000,
                          168 * GATE_HOUR_NS)),
    IPM_OPTION("seed", 0,
               "seed of the order; without it, a random one, which is recorded",
               IPM_OPTION_NUMBER(struct ipm_gate_request, seed, count, 1, INT64_MAX)),
    IPM_OPTION(
        "metric", 'm',
        "metrics that are gated in all cases, besides CPU time and calls of cases with "
        "both ends on one CPU; any of",
        .argument = "LIST", .choice = ipm_judging_metric, .set = ipm_judging_set_metric),
    IPM_JUDGING_THRESHOLD("2%"),
    IPM_JUDGING_ENDING_OPTIONS,
    IPM_JUDGING_OUTPUT_OPTIONS,
    IPM_OPTION_WHEN(struct ipm_gate_request, progress, "standard error"),
    IPM_OPTION_HELP,
    {0},
};

const struct ipm_optparse ipm_gate_syntax = {
    .command = "ipcmark gate",
    .operands = "{--baseline-dir DIR | --binary-base FILE} [-- RUN-OPTION...]",
    .about =
        "Measure, compare with former runs, and fail if something regressed. What seems "
        "to have changed is measured a second time, in new processes: by two runs of the "
        "same program, in alternation. It counts only if both measurements agree and the "
        "two runs do not differ from each other. The CPU time and the calls of cases "
        "with both ends on one CPU are gated; other results are only shown.",
    .after =
        "The exit status is 0 when nothing regressed, 1 when something did, and 3 when\n"
        "too little is known or the machine differs from itself. With an empty history\n"
        "the run is saved, and the status is 0.\n"
        "\n"
        "'ipcmark count --baseline-dir DIR' gates by instructions, which no load\n"
        "changes. 'ipcmark ab' compares two programs or settings here and now.\n"
        "\n"
        "examples:\n"
        "  ipcmark gate --baseline-dir history\n"
        "  ipcmark gate --baseline-dir history --budget 2m -- -p ping-pong unix\n"
        "  ipcmark gate --binary-base old/ipcmark -m primary -- --pin same\n"
        "  git bisect run ipcmark gate --binary-base old/ipcmark --status bisect",
    .options = gate_options,
    .unexpected_hint =
        "'--baseline-dir DIR' names the history; transports and options of "
        "'run' come behind '--'",
    .rest = offsetof(struct ipm_gate_request, run),
    .run = &ipm_run_syntax,
};

/* --- the words of run ------------------------------------------------------------------- */

/* A request of run that also remembers which words were operands. */
struct gate_parse {
    struct ipm_run_request request; /* first: the target of its options */
    size_t count;
    const char *operands[IPM_OPTPARSE_WORDS_MOST];
};

static int gate_take_operand(const struct ipm_optparse *syntax, void *target,
                             const char *word, struct ipm_err *err) {
    struct gate_parse *parse = target;
    if (parse->count < IPM_OPTPARSE_WORDS_MOST)
        parse->operands[parse->count++] = word;
    return ipm_run_syntax.operand(syntax, &parse->request, word, err);
}

static int gate_parse(struct gate_parse *parse, const struct ipm_gate_request *request,
                      struct ipm_err *err) {
    char *argv[IPM_OPTPARSE_WORDS_MOST + 1] = {NULL};
    struct ipm_optparse syntax = ipm_run_syntax;
    syntax.operand = gate_take_operand;
    memset(parse, 0, sizeof *parse);
    for (size_t i = 0; i < request->run.count; i++)
        argv[i] = (char *)request->run.items[i]; /* is not changed */
    return ipm_optparse_parse(&syntax, (int)request->run.count, argv, 0, parse, err);
}

static bool gate_is_operand(const struct gate_parse *parse, const char *word) {
    for (size_t i = 0; i < parse->count; i++)
        if (parse->operands[i] == word)
            return true;
    return strcmp(word, "--") == 0;
}

/* Adds a word to "a,b" unless it is there. Returns whether it fits. */
static bool gate_list_add(char list[IPM_GATE_LIST_BYTES], const char *word) {
    const size_t used = strlen(list);
    const size_t length = strlen(word);
    for (const char *at = list; *at != '\0';
         at += strcspn(at, ",") + (strchr(at, ',') != NULL))
        if (strcspn(at, ",") == length && strncmp(at, word, length) == 0)
            return true;
    if (used + length + 2 > IPM_GATE_LIST_BYTES)
        return false;
    (void)snprintf(list + used, IPM_GATE_LIST_BYTES - used, "%s%s", used > 0 ? "," : "",
                   word);
    return true;
}

/* "64", or "64:4096" with the size of responses. */
static bool gate_list_add_size(char list[IPM_GATE_LIST_BYTES],
                               const struct ipm_case_config *config) {
    const struct ipm_cell size =
        config->response_bytes > 0
            ? ipm_cell_print("%" PRIu64 ":%" PRIu64, config->message_bytes,
                             config->response_bytes)
            : ipm_cell_print("%" PRIu64, config->message_bytes);
    return gate_list_add(list, size.text);
}

static bool gate_fill_lists(const struct ipm_comparison *comparison,
                            struct ipm_gate_words *words) {
    bool fits = true;
    for (size_t i = 0; i < comparison->result_count; i++) {
        const struct ipm_compared *result = &comparison->results[i];
        const struct ipm_case_config *config = &comparison->cases[result->case_index];
        fits = fits && (!result->suspect ||
                        (gate_list_add(words->patterns, config->pattern) &&
                         gate_list_add(words->pins, config->pin) &&
                         gate_list_add_size(words->sizes, config) &&
                         gate_list_add(words->transports, config->transport)));
    }
    return fits && words->transports[0] != '\0';
}

void ipm_gate_request_narrow(const struct ipm_gate_request *request,
                             const struct ipm_comparison *comparison,
                             struct ipm_gate_words *ret_words) {
    static struct gate_parse parse; /* too large for a small stack */
    struct ipm_err ignored = {0};   /* they were parsed before */
    struct ipm_gate_words *words = ret_words;
    *words = (struct ipm_gate_words){0};
    const bool narrow =
        gate_fill_lists(comparison, words) && gate_parse(&parse, request, &ignored) == 0;
    for (size_t i = 0; i < request->run.count; i++)
        if (!narrow || !gate_is_operand(&parse, request->run.items[i]))
            words->items[words->count++] = request->run.items[i];
    if (!narrow)
        return;
    const char *const more[] = {"-p", words->patterns, "--pin",          words->pins,
                                "-s", words->sizes,    words->transports};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        words->items[words->count++] = more[i];
}

/* --- the request -------------------------------------------------------------------------- */

int ipm_gate_request_settle(struct ipm_gate_request *request, struct ipm_err *err) {
    static struct gate_parse parse;
    if ((request->folder == NULL) == (request->binary_base == NULL))
        return ipm_err_refuse(err, "give '--baseline-dir DIR' or '--binary-base FILE'",
                              request->folder == NULL
                                  ? "nothing to compare with is given"
                                  : "'--baseline-dir' and '--binary-base' "
                                    "exclude each other");
    request->judging.choice.quiet = true;
    if (!request->judging.threshold_given)
        request->judging.threshold = GATE_THRESHOLD;
    request->judging.threshold_given = true;
    int code = request->folder != NULL ? ipm_baseline_check(request->folder, err) : 0;
    if (code == 0)
        code = ipm_ab_check_words(request->run.items, request->run.count,
                                  request->folder != NULL, err);
    if (code == 0)
        code = gate_parse(&parse, request, err);
    if (code == IPM_OPTPARSE_HELP)
        code = ipm_err_refuse(err, "'ipcmark run --help' shows it",
                              "'--help' behind '--' is the help of 'run'");
    return code == 0 ? ipm_judging_check(&request->judging, err) : code;
}
