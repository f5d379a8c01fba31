/* ab_request.c - the command line of `ab`: its table of options, and what they must be to one
 * another. Must not know how anything is run. */
#include "app/commands/ab_request.h"

#include "app/cli/request_set.h"
#include "base/err.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define AB_HOUR_NS      ((uint64_t)3600000000000)
#define AB_AT(member)   offsetof(struct ipm_ab_request, member)
#define AB_A_AT(member) AB_AT(sides[IPM_ARM_BASE].member)
#define AB_B_AT(member) AB_AT(sides[IPM_ARM_NEW].member)

enum ab_key {
    AB_METRIC = 'm',
    AB_THRESHOLD = 't',
    AB_A = 256,
    AB_B,
    AB_A_BINARY,
    AB_B_BINARY,
    AB_A_OPTIONS,
    AB_B_OPTIONS,
    AB_BUDGET,
    AB_SEED,
    AB_JSON,
    AB_PROGRESS,
    AB_COLOR,
    AB_MISSING,
};

/* A prefix may be empty: then that side runs as it is. */
static int ab_set_words(const struct ipm_option *option, void *target, const char *value,
                        struct ipm_err *err) {
    const char **member = (const char **)(void *)((char *)target + option->offset);
    (void)err;
    *member = value;
    return 0;
}

static int ab_set_seed(const struct ipm_option *option, void *target, const char *value,
                       struct ipm_err *err) {
    struct ipm_ab_request *request = target;
    request->seed_given = true;
    return ipm_optparse_set_number(option, target, value, err);
}

static const struct ipm_option ab_options[] = {
    {.help = "the two sides; words are split as by a shell, but nothing is expanded"},
    {.name = "a",
     .key = AB_A,
     .argument = "PREFIX",
     .help = "what to run A under, such as 'taskset -c 0'; '' is as it is",
     .set = ab_set_words,
     .offset = AB_A_AT(prefix)},
    {.name = "b",
     .key = AB_B,
     .argument = "PREFIX",
     .help = "what to run B under; one that ends in a program called ipcmark brings its "
             "own",
     .set = ab_set_words,
     .offset = AB_B_AT(prefix)},
    {.name = "a-binary",
     .key = AB_A_BINARY,
     .argument = "FILE",
     .help = "the ipcmark of A (default this one)",
     .set = ipm_optparse_set_text,
     .offset = AB_A_AT(binary)},
    {.name = "b-binary",
     .key = AB_B_BINARY,
     .argument = "FILE",
     .help = "the ipcmark of B (default this one)",
     .set = ipm_optparse_set_text,
     .offset = AB_B_AT(binary)},
    {.name = "a-options",
     .key = AB_A_OPTIONS,
     .argument = "OPTIONS",
     .help = "options of 'run' for A only",
     .set = ab_set_words,
     .offset = AB_A_AT(options)},
    {.name = "b-options",
     .key = AB_B_OPTIONS,
     .argument = "OPTIONS",
     .help = "options of 'run' for B only, such as '--buffer 16K'",
     .set = ab_set_words,
     .offset = AB_B_AT(options)},
    {.help = "how to measure and judge"},
    {.name = "blocks",
     .key = 'n',
     .argument = "N",
     .help = "how often both sides are measured, one after the other in an order that is "
             "drawn; one more before is thrown away",
     .fallback = "15",
     .set = ipm_optparse_set_number,
     .offset = AB_AT(blocks),
     .unit = &ipm_unit_count,
     .least = 1,
     .most = 1000},
    {.name = "budget",
     .key = AB_BUDGET,
     .argument = "TIME",
     .help =
         "go on, N blocks at a time, while a verdict is inconclusive and there is time",
     .set = ipm_optparse_set_number,
     .offset = AB_AT(budget_ns),
     .unit = &ipm_unit_time,
     .least = 1000000000,
     .most = 168 * AB_HOUR_NS},
    {.name = "seed",
     .key = AB_SEED,
     .argument = "N",
     .help = "of the order; without it, drawn and recorded",
     .set = ab_set_seed,
     .offset = AB_AT(seed),
     .unit = &ipm_unit_count,
     .least = 1,
     .most = INT64_MAX},
    IPM_JUDGING_WHAT(AB_METRIC, AB_THRESHOLD),
    {.name = "allow-missing",
     .key = AB_MISSING,
     .help = "cases of one side only do not fail",
     .set = ipm_optparse_set_true,
     .offset = IPM_JUDGING_AT(allow_missing)},
    IPM_JUDGING_SHOW(AB_JSON, AB_COLOR),
    {.name = "progress",
     .key = AB_PROGRESS,
     .argument = "WHEN",
     .help = "auto, always or never; auto: when standard error is a terminal",
     .fallback = "auto",
     .set = ipm_request_set_when,
     .offset = AB_AT(progress)},
    IPM_OPTION_HELP,
    {0},
};

static int ab_take(void *target, const char *word, struct ipm_err *err) {
    (void)target;
    ipm_err_set(err, -EINVAL, "unexpected argument '%.100s'", word);
    ipm_err_hint(err, "transports and options of 'run' come behind '--'");
    return -EINVAL;
}

const struct ipm_optparse ipm_ab_syntax = {
    .command = "ipcmark ab",
    .operands = "[--a PREFIX] --b PREFIX [-- RUN-OPTION... [TRANSPORT...]]",
    .about =
        "Judge whether B is slower than A, here and now: run ipcmark under both, one "
        "next to the other, block by block. What seems to have changed is measured "
        "once more, and counts only when both times agree.",
    .after = "examples:\n"
             "  ipcmark ab --a '' --b 'taskset -c 0' -- -s 4K pipe unix\n"
             "  ipcmark ab --a '' --b 'env LD_PRELOAD=./slow.so'\n"
             "  ipcmark ab --a-binary old/ipcmark --b-binary new/ipcmark\n"
             "  ipcmark ab --b-options '--buffer 16K' --metric lead,latency-p99 -- -p "
             "ping-pong",
    .options = ab_options,
    .operand = ab_take,
};

/* --- the whole -------------------------------------------------------------------------- */

/* What stands behind "--" is for `run`, as it is. */
static int ab_take_run_words(struct ipm_ab_request *request, int *argc, char **argv,
                             struct ipm_err *err) {
    int dashes = 2;
    while (dashes < *argc && strcmp(argv[dashes], "--") != 0)
        dashes++;
    for (int i = dashes + 1; i < *argc; i++) {
        if (request->run_count == IPM_AB_WORDS_MOST)
            return ipm_err_set(err, -EINVAL, "more than %d words behind '--'",
                               IPM_AB_WORDS_MOST);
        request->run_words[request->run_count++] = argv[i];
    }
    *argc = dashes;
    return 0;
}

/* Both sides alike is a question, too (what does noise alone do?), but one that is asked on
 * purpose: by "--b ''". */
static int ab_check_sides(const struct ipm_ab_request *request, struct ipm_err *err) {
    const struct ipm_ab_arm *side = &request->sides[IPM_ARM_NEW];
    if (side->prefix != NULL || side->binary != NULL || side->options != NULL)
        return 0;
    ipm_err_set(err, -EINVAL, "nothing tells what B is");
    ipm_err_hint(err, "give '--b PREFIX', '--b-binary FILE' or '--b-options OPTIONS'; "
                      "'--b \"\"' is as it is");
    return -EINVAL;
}

int ipm_ab_request_parse(struct ipm_ab_request *request, int argc, char **argv,
                         struct ipm_err *err) {
    static const char *const names[IPM_ARMS] = {"A", "B"};
    *request = (struct ipm_ab_request){0};
    int code = ab_take_run_words(request, &argc, argv, err);
    if (code == 0)
        code = ipm_optparse_parse(&ipm_ab_syntax, argc, argv, 2, request, err);
    if (code == 0)
        code = ab_check_sides(request, err);
    for (int s = 0; s < IPM_ARMS && code == 0; s++) {
        request->sides[s].name = names[s];
        request->sides[s].run_words = request->run_words;
        request->sides[s].run_count = request->run_count;
        code = ipm_ab_arm_settle(&request->sides[s], err);
    }
    return code == 0 ? ipm_judging_check(&request->judging, err) : code;
}

void ipm_ab_request_done(struct ipm_ab_request *request) {
    for (int s = 0; s < IPM_ARMS; s++)
        ipm_ab_arm_done(&request->sides[s]);
}
