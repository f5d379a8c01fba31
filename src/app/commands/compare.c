/* compare.c - `ipcmark compare`: stored reports -> verdicts. */
#include "model/compare/compare.h"
#include "app/cli/optparse.h"
#include "app/commands/baseline.h"
#include "app/commands/command.h"
#include "app/commands/input.h"
#include "app/commands/judging.h"
#include "app/commands/run_options.h"
#include "base/err.h"
#include "model/report/report.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { COMPARE_FILES_MOST = 64, COMPARE_NEW = 1 };

static const double COMPARE_ALPHA = 0.05;

struct compare_request {
    struct ipm_judging judging;            /* first: see judging.h */
    const char *files[COMPARE_FILES_MOST]; /* BASE, NEW, MORE...; with a folder NEW */
    size_t file_count;
    const char *folder;
    uint64_t folder_most;
    bool save;
};

static const struct ipm_option compare_options[] = {
    {.help = "what to judge"},
    IPM_JUDGING_OPTIONS,
    {.help = "a history in place of BASE.json"},
    IPM_OPTION("baseline-dir", 0,
               "a folder with the reports of former runs, which together are BASE",
               .argument = "DIR", IPM_OPTION_TEXT(struct compare_request, folder)),
    IPM_OPTION("baseline-count", 0,
               "number of reports of DIR that count: the last ones, by file name, of the "
               "same machine and settings",
               .fallback = "10",
               IPM_OPTION_NUMBER(struct compare_request, folder_most, count, 1,
                                 COMPARE_FILES_MOST)),
    IPM_OPTION("save", 0,
               "add NEW.json to DIR, unless something regressed or is missing, or there "
               "is too little data",
               IPM_OPTION_FLAG(struct compare_request, save)),
    IPM_JUDGING_OUTPUT_OPTIONS,
    IPM_OPTION_HELP,
    {0},
};

static int compare_take(const struct ipm_optparse *syntax, void *target, const char *word,
                        struct ipm_err *err) {
    struct compare_request *request = target;
    (void)syntax;
    if (request->file_count == COMPARE_FILES_MOST)
        return ipm_err_refuse(err,
                              "'--baseline-dir DIR' compares with a folder of reports",
                              "more than %d reports", COMPARE_FILES_MOST);
    for (size_t i = 0; i < request->file_count; i++)
        if (strcmp(word, "-") == 0 && strcmp(request->files[i], "-") == 0)
            return ipm_err_refuse(err, "name one of the reports by its file",
                                  "standard input is given twice");
    request->files[request->file_count++] = word;
    return 0;
}

static const struct ipm_optparse compare_syntax = {
    .command = "ipcmark compare",
    .operands = "BASE.json NEW.json [MORE.json...]",
    .about = "Judge whether NEW is slower than BASE, case by case: regressed, improved, "
             "same, undecided, insufficient, contended or saturated. MORE are further "
             "runs of BASE, which show how much runs differ without a change. '-' is "
             "standard input.",
    .after = "The exit status is 1 when something regressed, is missing or broken, and 3 "
             "when\nthere is nothing in common or too little data. An undecided result "
             "passes\nunless '--fail-on undecided' is given.\n"
             "\n"
             "examples:\n"
             "  ipcmark compare base.json new.json\n"
             "  ipcmark compare -m primary,cpu-per-byte -t 10% base.json new.json\n"
             "  ipcmark compare -q -e html=ab.html -e junit=ab.xml base.json new.json\n"
             "  ipcmark compare --baseline-dir history --save new.json",
    .options = compare_options,
    .operand = compare_take,
    .run = &ipm_run_syntax,
};

/* --- the request ------------------------------------------------------------------------ */

static int compare_check_files(const struct compare_request *request,
                               struct ipm_err *err) {
    if (request->save && request->folder == NULL)
        return ipm_err_refuse(err, "name it by '--baseline-dir'",
                              "'--save' needs a folder to save to");
    if (request->folder != NULL && request->file_count != 1)
        return ipm_err_refuse(err, "'ipcmark compare --help' shows the usage",
                              "'--baseline-dir' takes one report, NEW");
    if (request->folder != NULL || request->file_count > COMPARE_NEW)
        return 0;
    return ipm_err_refuse(
        err, "name BASE.json and NEW.json, or '--baseline-dir DIR' and NEW.json",
        "%s given", request->file_count == 0 ? "no reports" : "only one report");
}

/* --- comparing -------------------------------------------------------------------------- */

/* Saves NEW after it was judged; `known` tells whether there were reports to compare it
 * with. */
static enum ipm_exit compare_keep(const struct compare_request *request,
                                  struct ipm_report *fresh, enum ipm_exit ending,
                                  bool known, struct ipm_err *err) {
    const bool first = ending == IPM_EXIT_UNDECIDED && !known;
    if (!request->save || !(first || ending == IPM_EXIT_FINE))
        return ending;
    const int failed = ipm_report_summarize(fresh);
    if (failed == 0)
        return ipm_judging_save(request->folder, fresh, ending, err);
    ipm_err_sys(err, failed, "cannot summarise '%.200s'", request->files[0]);
    return IPM_EXIT_BAD;
}

static void compare_word_empty(const struct compare_request *request,
                               struct ipm_err *err) {
    ipm_err_set(err, -ENODATA, "no report in '%.200s' is of this machine and settings",
                request->folder);
    ipm_err_hint(err, request->save ? "this one is its first now"
                                    : "'--save' makes this one its first");
}

/* Counts of instructions and times have nothing in common. */
static int compare_check_clocks(const struct ipm_compare_input *input,
                                struct ipm_err *err) {
    const struct ipm_report *fresh = input->sides[IPM_ARM_NEW].reports;
    for (size_t i = 0; i < input->sides[IPM_ARM_BASE].count; i++) {
        const struct ipm_report *base = &input->sides[IPM_ARM_BASE].reports[i];
        const char *const names[] = {input->sides[IPM_ARM_BASE].names[i],
                                     input->sides[IPM_ARM_NEW].names[0]};
        const bool counts = base->host.clock == IPM_CLOCK_INSTRUCTIONS;
        if (base->host.clock == fresh->host.clock)
            continue;
        ipm_err_hint(err, "'ipcmark count' writes counts, 'ipcmark run' times");
        return ipm_err_set(err, -EINVAL,
                           "'%.120s' counts instructions, and '%.120s' measures time",
                           names[!counts], names[counts]);
    }
    return 0;
}

static enum ipm_exit compare_judge(struct compare_request *request,
                                   const struct ipm_compare_input *input,
                                   struct ipm_err *err) {
    if (compare_check_clocks(input, err) < 0)
        return IPM_EXIT_REFUSED;
    return ipm_judging_compare(&request->judging, input, &request->judging.choice,
                               COMPARE_ALPHA, err);
}

static enum ipm_exit compare_with_folder(struct compare_request *request,
                                         struct ipm_report *fresh, struct ipm_err *err) {
    struct ipm_baseline baseline = {0};
    enum ipm_exit ending = IPM_EXIT_REFUSED;
    if (ipm_input_read_trials(fresh, request->files[0], err) == 0 &&
        ipm_baseline_read(&baseline, request->folder, (size_t)request->folder_most, fresh,
                          err) == 0) {
        const struct ipm_compare_input input = {
            .sides = {{.count = baseline.count,
                       .reports = baseline.reports,
                       .names = (const char *const *)baseline.names},
                      {.count = 1, .reports = fresh, .names = request->files}}};
        struct ipm_err empty = {0};
        if (baseline.count == 0)
            compare_word_empty(request, &empty);
        ending = compare_judge(request, &input, err);
        if (ending == IPM_EXIT_UNDECIDED && empty.code != 0)
            *err = empty;
        ending = compare_keep(request, fresh, ending, baseline.count > 0, err);
    }
    ipm_baseline_done(&baseline);
    return ending;
}

/* NEW is moved to the end, so that the runs of BASE are adjacent. */
static enum ipm_exit compare_files(struct compare_request *request,
                                   struct ipm_report *reports, struct ipm_err *err) {
    const char *names[COMPARE_FILES_MOST] = {0};
    const size_t last = request->file_count - 1;
    for (size_t i = 0, base = 0; i < request->file_count; i++)
        names[i == COMPARE_NEW ? last : base++] = request->files[i];
    if (ipm_input_read_each(reports, names, request->file_count, ipm_input_read_trials,
                            err) < 0)
        return IPM_EXIT_REFUSED;
    const struct ipm_compare_input input = {
        .sides = {{.count = last, .reports = reports, .names = names},
                  {.count = 1, .reports = &reports[last], .names = &names[last]}}};
    return compare_judge(request, &input, err);
}

static enum ipm_exit compare_run(const struct ipm_call *call, struct ipm_err *err) {
    struct compare_request *request = call->request;
    if (compare_check_files(request, err) < 0 ||
        ipm_judging_check(&request->judging, err) < 0)
        return ipm_judging_end(&request->judging, IPM_EXIT_REFUSED);
    struct ipm_report *reports = calloc(request->file_count, sizeof *reports);
    enum ipm_exit ending = IPM_EXIT_REFUSED;
    if (reports == NULL)
        ipm_err_sys(err, -ENOMEM, "cannot read %zu reports", request->file_count);
    else if (request->folder != NULL)
        ending = compare_with_folder(request, reports, err);
    else
        ending = compare_files(request, reports, err);
    for (size_t i = 0; reports != NULL && i < request->file_count; i++)
        ipm_report_done(&reports[i]);
    free(reports);
    return ipm_judging_end(&request->judging, ending);
}

static void compare_refuse(const struct ipm_call *call, const char *error) {
    (void)call;
    ipm_judging_refuse(false, error);
}

const struct ipm_command ipm_command_compare = {
    .name = "compare",
    .summary = "judge whether one report is slower than another",
    .syntax = &compare_syntax,
    .request_bytes = sizeof(struct compare_request),
    .run = compare_run,
    .refuse = compare_refuse,
};
