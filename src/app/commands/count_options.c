/* count_options.c - the options of `count`. */
#include "app/commands/count_options.h"

#include "app/commands/baseline.h"
#include "app/commands/run_options.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "run/guest/guest.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT_HOUR_NS       ((uint64_t)3600000000000)
#define COUNT_AT(member)    offsetof(struct ipm_count_request, member)
#define COUNT_TEXT(member)  IPM_OPTION_TEXT(struct ipm_count_request, member)
#define COUNT_WORDS(member) .set = ipm_optparse_set_any_text, .offset = COUNT_AT(member)

static const struct ipm_option count_options[] = {
    {.help = "what is booted; options that end in -b are of a side B, to be compared"},
    IPM_OPTION("machine", 0,
               "machine that is emulated; one that differs from this machine needs "
               "'--kernel' and '--binary'",
               .argument = "host|x86_64|aarch64", .fallback = "host",
               IPM_OPTION_WORD(struct ipm_count_request, kind, ipm_guest_kind_words)),
    IPM_OPTION("kernel", 0,
               "image of the kernel (default that of this machine, else the newest in "
               "/boot)",
               .argument = "IMAGE", COUNT_TEXT(arms[IPM_ARM_BASE].kernel)),
    IPM_OPTION("kernel-b", 0, "image of the kernel of side B", .argument = "IMAGE",
               COUNT_TEXT(arms[IPM_ARM_NEW].kernel)),
    IPM_OPTION("append", 0, "words for the command line of the kernel, on both sides",
               .argument = "WORDS", COUNT_WORDS(arms[IPM_ARM_BASE].append)),
    IPM_OPTION("append-b", 0, "more words, on side B only, such as 'init_on_alloc=0'",
               .argument = "WORDS", COUNT_WORDS(arms[IPM_ARM_NEW].append)),
    IPM_OPTION("binary", 0, "the ipcmark that measures (default this one)",
               .argument = "FILE", COUNT_TEXT(arms[IPM_ARM_BASE].binary)),
    IPM_OPTION("binary-b", 0, "the ipcmark of side B", .argument = "FILE",
               COUNT_TEXT(arms[IPM_ARM_NEW].binary)),
    IPM_OPTION("seeds", 0,
               "number of boots, each with another seed for the order of cases and for "
               "the random numbers of the kernel",
               .fallback = "3",
               IPM_OPTION_NUMBER(struct ipm_count_request, seeds, count, 1, 100)),
    IPM_OPTION("timeout", 0, "end a boot that takes longer", .fallback = "10m",
               IPM_OPTION_NUMBER(struct ipm_count_request, timeout_ns, time, 1000000000,
                                 24 * COUNT_HOUR_NS)),
    {.help = "what to compare with, instead of a side B"},
    IPM_OPTION(
        "baseline-dir", 0,
        "a folder with former counts, of which the newest one with the same settings "
        "counts; a count that passes is saved there, and the first one starts the "
        "history",
        .argument = "DIR", IPM_OPTION_TEXT(struct ipm_count_request, folder)),
    {.help = "how to judge a comparison"},
    IPM_JUDGING_THRESHOLD("0.5%"),
    IPM_JUDGING_ENDING_OPTIONS,
    IPM_JUDGING_OUTPUT_OPTIONS,
    IPM_OPTION_WHEN(struct ipm_count_request, progress, "standard error"),
    IPM_OPTION_HELP,
    {0},
};

const struct ipm_optparse ipm_count_syntax = {
    .command = "ipcmark count",
    .operands = "[--baseline-dir DIR] [-- RUN-OPTION...]",
    .about =
        "Count exactly which number of instructions a message takes, in the kernel and "
        "in user space: boot a kernel in QEMU's emulator, which counts them, with "
        "nothing in it but ipcmark. The counts are the same whatever else this machine "
        "is doing. They tell how long a path is, not how fast it is: the emulated "
        "machine has one CPU and no caches.",
    .after = "A trial has 2000 messages, or the number that '--messages' gives.\n"
             "\n"
             "The exit status of a comparison is 0 when nothing regressed, 1 when "
             "something\ndid, and 3 when too little is known.\n"
             "\n"
             "'ipcmark ab' tells whether a longer path takes more time.\n"
             "\n"
             "examples:\n"
             "  ipcmark count -- -p ping-pong -s 64 pipe-pair unix tcp\n"
             "  ipcmark count --append-b init_on_alloc=0 -- -p ping-pong unix\n"
             "  ipcmark count --kernel old/bzImage --kernel-b new/bzImage\n"
             "  ipcmark count --binary-b new/ipcmark --json counts.json\n"
             "  ipcmark count --machine aarch64 --kernel Image --binary arm64/ipcmark\n"
             "  ipcmark count --baseline-dir history -- -p ping-pong unix",
    .options = count_options,
    .unexpected_hint = "transports and options of 'run' come behind '--'",
    .rest = COUNT_AT(run),
    .run = &ipm_run_syntax,
};

/* --- options of run ----------------------------------------------------------------------- */

const char *const ipm_count_own_words[IPM_COUNT_OWN_WORDS] = {"run", "--messages", "2000",
                                                              "--rounds", "1"};

/* The emulator skips the waits of a rate and of a pause: they execute no instruction. */
static int count_refuse_run(const struct ipm_run_request *run, struct ipm_err *err) {
    static struct ipm_options usual; /* too large for a small stack */
    ipm_options_defaults(&usual);
    const struct {
        bool given;
        const char *option;
        const char *hint;
    } rows[] = {
        {run->outputs.count > 0 || run->live, "an output of 'run'",
         "outputs come before '--': '--json FILE'"},
        {run->seed_given, "'--seed'", "'--seeds N' counts from 1"},
        {run->options.rounds != 1, "'--rounds'", "'--seeds N' boots N times"},
        {run->options.rate_per_second.count != 1 ||
             run->options.rate_per_second.items[0] != 0,
         "'--rate'", "a schedule waits, and waiting has no instructions"},
        {ipm_settings_thinks(&run->options.common), "'--think'",
         "a pause has no instructions"},
        {run->options.common.sender_work_ns > 0 ||
             run->options.common.receiver_work_ns > 0,
         "a time of '--work'", "its instructions would hide those of the transport"},
        {run->options.beside[0] != '\0', "'--beside'", "nothing else runs in a guest"},
        {run->options.precision_ratio > 0, "'--precision'", "counts have no interval"},
        {run->options.find_crossovers, "'--find-crossovers'",
         "name the sizes: '-s 64,1K,4K'"},
        {run->options.counters.count > 0, "'--counters'",
         "a guest has no counters, and counts by itself"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!rows[i].given)
            continue;
        ipm_err_hint(err, "%s", rows[i].hint);
        return ipm_err_set(err, -EINVAL, "%s cannot be used with 'count'",
                           rows[i].option);
    }
    return 0;
}

/* Reads the words as `run` will, so that a mistake is told before the boot, and loads the
 * plugins. */
static int count_read_run(struct ipm_count_request *request, struct ipm_err *err) {
    static struct ipm_run_request run; /* too large for a small stack */
    char *argv[IPM_OPTPARSE_WORDS_MOST + IPM_COUNT_OWN_WORDS + 1] = {0};
    struct ipm_strbuf preload =
        ipm_strbuf_over(request->preload, sizeof request->preload);
    memcpy(argv, ipm_count_own_words, sizeof ipm_count_own_words);
    for (size_t i = 0; i < request->run.count; i++)
        argv[IPM_COUNT_OWN_WORDS + i] = (char *)request->run.items[i]; /* not changed */
    int code =
        ipm_optparse_parse(&ipm_run_syntax, IPM_COUNT_OWN_WORDS + (int)request->run.count,
                           argv, 1, &run, err);
    if (code == IPM_OPTPARSE_HELP)
        code =
            ipm_err_set(err, -EINVAL, "'ipcmark run --help' shows the options of 'run'");
    if (code == 0)
        code = count_refuse_run(&run, err);
    request->no_ci_labels = run.no_ci_labels;
    for (size_t i = 0; i < run.options.plugins.count; i++)
        (void)ipm_strbuf_add(&preload, "%s%s", i > 0 ? ":" : "",
                             run.options.plugins.items[i].path);
    return code;
}

/* --- files -------------------------------------------------------------------------------- */

static int count_find_file(const char *given, const char *hint, char ret_path[PATH_MAX],
                           struct ipm_err *err) {
    char path[PATH_MAX];
    struct stat status;
    if (realpath(given, path) == NULL || access(path, R_OK) != 0) {
        const int code = ipm_err_sys(err, -errno, "cannot read '%.200s'", given);
        ipm_err_hint(err, "%s", hint);
        return code;
    }
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return ipm_err_refuse(err, hint, "'%.200s' is no regular file", given);
    memcpy(ret_path, path, sizeof path);
    return 0;
}

/* The second side has what the first one has, unless it is told otherwise. */
static int count_settle_arm(struct ipm_count_request *request, enum ipm_arm side,
                            struct ipm_err *err) {
    struct ipm_count_arm *arm = &request->arms[side];
    const struct ipm_count_arm *first = &request->arms[IPM_ARM_BASE];
    const char *kernel = arm->kernel ? arm->kernel : first->kernel;
    const char *binary = arm->binary ? arm->binary : first->binary;
    int code =
        kernel ? count_find_file(kernel,
                                 "'--kernel' and '--kernel-b' name the image of a kernel",
                                 arm->kernel_path, err)
               : ipm_guest_find_kernel(request->machine, "", arm->kernel_path, err);
    if (code == 0)
        code = count_find_file(binary ? binary : request->self,
                               "'--binary' and '--binary-b' name an ipcmark",
                               arm->binary_path, err);
    return code == 0 ? ipm_guest_check_program(request->machine, arm->binary_path, err)
                     : code;
}

static int count_check_sides(const struct ipm_count_request *request,
                             struct ipm_err *err) {
    const struct ipm_judging *judging = &request->judging;
    const struct {
        bool given;
        const char *option;
    } rows[] = {{judging->threshold_given, "threshold"},
                {judging->allow_missing, "allow-missing"},
                {judging->fail_on != IPM_JUDGING_FAIL_REGRESSED, "fail-on"},
                {judging->status != IPM_JUDGING_STATUS_PLAIN, "status"}};
    if (request->compares && request->folder != NULL) {
        ipm_err_hint(err, "count both sides here, or this one and compare it with DIR");
        return ipm_err_set(err, -EINVAL,
                           "'--baseline-dir' and an option with -b exclude each other");
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (request->compares || request->folder != NULL || !rows[i].given)
            continue;
        ipm_err_hint(err, "give '--baseline-dir DIR', or an option with -b");
        return ipm_err_set(err, -EINVAL, "'--%s' has nothing to judge", rows[i].option);
    }
    return request->folder != NULL ? ipm_baseline_check(request->folder, err) : 0;
}

int ipm_count_request_settle(struct ipm_count_request *request, struct ipm_err *err) {
    const struct ipm_count_arm *second = &request->arms[IPM_ARM_NEW];
    char qemu[PATH_MAX];
    request->machine = ipm_guest_machine(request->kind);
    request->compares = second->kernel || second->append || second->binary;
    int code = count_check_sides(request, err);
    if (code == 0)
        code = count_read_run(request, err);
    if (code == 0)
        code = count_find_file("/proc/self/exe", "is /proc mounted?", request->self, err);
    for (int s = 0; s < IPM_ARMS && code == 0; s++)
        code = count_settle_arm(request, (enum ipm_arm)s, err);
    if (code == 0)
        code = ipm_guest_find_qemu(request->machine, qemu, err);
    if (code == 0)
        code =
            ipm_outputs_add_text(&request->judging.outputs, request->judging.quiet, err);
    if (code == 0)
        code = ipm_outputs_check(&request->judging.outputs,
                                 request->compares || request->folder != NULL
                                     ? IPM_DOCUMENT_COMPARISON
                                     : IPM_DOCUMENT_REPORT,
                                 err);
    return code;
}
