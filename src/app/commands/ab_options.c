/* ab_options.c - the options of `ab`. */
#include "app/commands/ab_options.h"

#include "app/commands/run_options.h"
#include "base/err.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define AB_HOUR_NS    ((uint64_t)3600000000000)
#define AB_AT(member) offsetof(struct ipm_ab_request, member)
/* A prefix may be empty, for an arm without one. */
#define AB_WORDS(member) .set = ipm_optparse_set_any_text, .offset = AB_AT(member)

static const struct ipm_option ab_options[] = {
    {.help = "the two sides; words are split as by a shell, but nothing is expanded"},
    IPM_OPTION("a", 0, "command prefix of A, such as 'taskset -c 0'; '' is none",
               .argument = "PREFIX", AB_WORDS(sides[IPM_ARM_BASE].prefix)),
    IPM_OPTION("b", 0,
               "command prefix of B; one that ends in a program called ipcmark runs that "
               "program",
               .argument = "PREFIX", AB_WORDS(sides[IPM_ARM_NEW].prefix)),
    IPM_OPTION("a-binary", 0, "the ipcmark of A (default this one)", .argument = "FILE",
               IPM_OPTION_TEXT(struct ipm_ab_request, sides[IPM_ARM_BASE].binary)),
    IPM_OPTION("b-binary", 0, "the ipcmark of B (default this one)", .argument = "FILE",
               IPM_OPTION_TEXT(struct ipm_ab_request, sides[IPM_ARM_NEW].binary)),
    IPM_OPTION("a-options", 0, "options of 'run' for A only", .argument = "OPTIONS",
               AB_WORDS(sides[IPM_ARM_BASE].options)),
    IPM_OPTION("b-options", 0, "options of 'run' for B only, such as '--buffer 16K'",
               .argument = "OPTIONS", AB_WORDS(sides[IPM_ARM_NEW].options)),
    {.help = "how to measure and judge"},
    IPM_OPTION(
        "blocks", 'n',
        "number of blocks, each of which measures both sides in a random order; one "
        "more block before them is dropped",
        .fallback = "15",
        IPM_OPTION_NUMBER(struct ipm_ab_request, blocks, count, 1, 1000)),
    IPM_OPTION("budget", 0,
               "add N blocks at a time while a verdict is undecided and time is left",
               IPM_OPTION_NUMBER(struct ipm_ab_request, budget_ns, time, 1000000000,
                                 168 * AB_HOUR_NS)),
    IPM_OPTION("seed", 0,
               "seed of the order; without it, a random one, which is recorded",
               IPM_OPTION_NUMBER(struct ipm_ab_request, seed, count, 1, INT64_MAX)),
    IPM_JUDGING_OPTIONS,
    IPM_JUDGING_OUTPUT_OPTIONS,
    IPM_OPTION_WHEN(struct ipm_ab_request, progress, "standard error"),
    IPM_OPTION_HELP,
    {0},
};

/* An option of `run` that the command itself sets. */
static const struct ab_owned {
    const char *name;
    char letter;
    bool rounds; /* only where a block is one round */
    const char *hint;
} ab_owned[] = {
    {.name = "json",
     .hint = "before '--', it writes the verdicts; each run is read here"},
    {.name = "export",
     .letter = 'e',
     .hint = "before '--', it writes the verdicts; each run is read here"},
    {.name = "live", .hint = "before '--', '--progress always' shows what is measured"},
    {.name = "seed", .hint = "before '--', it is the seed of all runs"},
    {.name = "budget", .hint = "before '--', it bounds all measurements"},
    {.name = "rounds",
     .letter = 'r',
     .rounds = true,
     .hint = "a block is one round: use '--blocks N', before '--'"},
    {.name = "precision",
     .rounds = true,
     .hint = "a block is one round: use '--blocks N', before '--'"},
    {.name = "help", .letter = 'h', .hint = "'ipcmark run --help' shows them all"},
    {.name = "target",
     .hint = "each run would try other rates: name them, such as '--rate 10k,50k'"},
    {.name = "find-crossovers",
     .hint = "each run would add other sizes: name them, such as '-s 64,1K,4K'"},
};

/* A long option may be shortened. */
static bool ab_is_owned(const struct ab_owned *owned, const char *word) {
    if (word[0] != '-')
        return false;
    if (word[1] != '-')
        return owned->letter != '\0' && word[1] == owned->letter;
    const size_t length = strcspn(word + 2, "=");
    return length > 0 && strncmp(word + 2, owned->name, length) == 0;
}

int ipm_ab_check_words(const char *const *words, size_t count, bool in_rounds,
                       struct ipm_err *err) {
    for (size_t i = 0; i < count && strcmp(words[i], "--") != 0; i++)
        for (size_t k = 0; k < sizeof ab_owned / sizeof *ab_owned; k++) {
            if ((ab_owned[k].rounds && in_rounds) || !ab_is_owned(&ab_owned[k], words[i]))
                continue;
            ipm_err_set(err, -EINVAL, "'--%s' cannot be an option of the single runs",
                        ab_owned[k].name);
            ipm_err_hint(err, "%s", ab_owned[k].hint);
            return -EINVAL;
        }
    return 0;
}

const struct ipm_optparse ipm_ab_syntax = {
    .command = "ipcmark ab",
    .operands = "[--a PREFIX] --b PREFIX [-- RUN-OPTION...]",
    .about =
        "Judge whether B is slower than A on this machine: run ipcmark under both, in "
        "alternating blocks. A change is measured a second time and counts only when "
        "both measurements agree.",
    .after =
        "The exit status is 0 when nothing regressed, 1 when something regressed, "
        "is\nmissing or broken, and 3 when there is too little data. An undecided "
        "result\npasses unless '--fail-on undecided' is given.\n"
        "\n"
        "'ipcmark count' compares by instructions, 'ipcmark gate' with former runs.\n"
        "\n"
        "examples:\n"
        "  ipcmark ab --b 'taskset -c 0' -- --pin none -s 4K pipe unix\n"
        "  ipcmark ab --b 'env LD_PRELOAD=./slow.so'\n"
        "  ipcmark ab --a-binary old/ipcmark --b-binary new/ipcmark\n"
        "  ipcmark ab --b-options '--buffer 16K' -m latency-p99 -- -p ping-pong",
    .options = ab_options,
    .unexpected_hint =
        "transports and options of 'run' come behind '--'; '--a' and '--b', or "
        "'--a-binary' and '--b-binary', name the sides",
    .rest = AB_AT(run),
    .run = &ipm_run_syntax,
};

/* --- the request -------------------------------------------------------------------------- */

/* Two equal arms show the noise alone; the user must request that by "--b ''". */
static int ab_check_sides(const struct ipm_ab_request *request, struct ipm_err *err) {
    const struct ipm_ab_arm *side = &request->sides[IPM_ARM_NEW];
    if (side->prefix != NULL || side->binary != NULL || side->options != NULL)
        return 0;
    return ipm_err_refuse(
        err,
        "give '--b PREFIX', '--b-binary FILE' or '--b-options OPTIONS'; "
        "'--b \"\"' runs B unchanged",
        "no B is given");
}

int ipm_ab_request_settle(struct ipm_ab_request *request, struct ipm_err *err) {
    static const char *const names[IPM_ARMS] = {"A", "B"};
    int code = ab_check_sides(request, err);
    if (code == 0)
        code = ipm_ab_check_words(request->run.items, request->run.count, false, err);
    for (int s = 0; s < IPM_ARMS && code == 0; s++) {
        request->sides[s].name = names[s];
        request->sides[s].run_words = request->run.items;
        request->sides[s].run_count = request->run.count;
        code = ipm_ab_arm_settle(&request->sides[s], err);
        if (code == 0)
            code = ipm_ab_check_words((const char *const *)request->sides[s].option_words,
                                      request->sides[s].option_count, false, err);
    }
    return code == 0 ? ipm_judging_check(&request->judging, err) : code;
}

void ipm_ab_request_done(struct ipm_ab_request *request) {
    for (int s = 0; s < IPM_ARMS; s++)
        ipm_ab_arm_done(&request->sides[s]);
}
