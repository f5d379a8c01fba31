/* report.c - `ipcmark report`: shows a stored report in any format, or several as one. */
#include "model/report/report.h"
#include "app/cli/optparse.h"
#include "app/commands/baseline.h"
#include "app/commands/command.h"
#include "app/commands/input.h"
#include "app/commands/run_options.h"
#include "app/commands/version.h"
#include "app/output/ending.h"
#include "app/output/outputs.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/words.h"
#include "model/choose/explanation.h"
#include "model/compare/history.h"
#include "model/merge/merge.h"
#include "reports/columns/format.h"
#include "reports/renderer.h"
#include "transports/transport.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

enum { REPORT_FILES_MOST = 4096 };

/* Machines that differ by less count as equal. */
static const double REPORT_THRESHOLD = 0.05;

struct report_request {
    const char *files[REPORT_FILES_MOST];
    size_t file_count;
    bool merge;
    const char *by;
    const char *format;
    const char *output;
    const char *explain;
    struct ipm_outputs outputs;
};

static const struct ipm_option report_options[] = {
    IPM_OPTION("format", 'f',
               "one of 'ipcmark list formats' (default by the ending of FILE, or text)",
               .argument = "FORMAT", IPM_OPTION_TEXT(struct report_request, format)),
    IPM_OPTION("output", 'o', "where to write", .argument = "FILE", .fallback = "-",
               IPM_OPTION_TEXT(struct report_request, output)),
    IPM_OPTION_UNIT(struct report_request),
    IPM_OPTION_WARNINGS(struct report_request),
    IPM_OPTION(
        "explain", 0,
        "show where the time of one case goes, such as stream/pipe/64, and what was "
        "better; as text or json",
        .argument = "CASE", IPM_OPTION_TEXT(struct report_request, explain)),
    IPM_OPTION(
        "merge", 0,
        "make one document of reports of several machines, of the same settings, and "
        "name the machine that is the odd one in a case; as text or json",
        IPM_OPTION_FLAG(struct report_request, merge)),
    IPM_OPTION("by", 0,
               "with --merge: reports with one value of LABEL are one machine (default "
               "hostname, the host name)",
               .argument = "LABEL", .offered = "hostname commit branch job",
               IPM_OPTION_TEXT(struct report_request, by)),
    IPM_OPTION_HELP,
    {0},
};

static int report_take(const struct ipm_optparse *syntax, void *target, const char *word,
                       struct ipm_err *err) {
    struct report_request *request = target;
    (void)syntax;
    if (request->file_count == REPORT_FILES_MOST)
        return ipm_err_set(err, -EINVAL, "more than %d reports", REPORT_FILES_MOST);
    request->files[request->file_count++] = word;
    return 0;
}

static const struct ipm_optparse report_syntax = {
    .command = "ipcmark report",
    .operands = "REPORT.json|DIR...",
    .about =
        "Read a JSON report ('-': from standard input) and show it. Several reports, "
        "or those in a folder, make a page of their history (--format html) or one "
        "document (--merge).",
    .after = "examples:\n"
             "  ipcmark report -f html -o report.html report.json\n"
             "  ipcmark report -f html -o history.html history/\n"
             "  ipcmark report --merge --by node reports/",
    .options = report_options,
    .operand = report_take,
    .run = &ipm_run_syntax,
};

/* --- one case --------------------------------------------------------------------------- */

static const char *report_case(const void *context, size_t i) {
    const struct ipm_report *report = context;
    return i < report->case_count ? report->cases[i].config.name : NULL;
}

/* Returns the case with that name, or with that name in tables, or NULL. */
static const struct ipm_case *report_find(const struct ipm_report *report,
                                          const char *name, struct ipm_err *err) {
    for (size_t i = 0; i < report->case_count; i++)
        if (strcmp(report->cases[i].config.name, name) == 0 ||
            strcmp(ipm_text_case(&report->cases[i].config).text, name) == 0)
            return &report->cases[i];
    for (size_t i = 0; i < report->case_count; i++)
        if (strstr(report->cases[i].config.name, name) != NULL)
            ipm_err_hint(err, "it may be '%s'", report->cases[i].config.name);
    ipm_words_refuse(err, "case", "", name, report_case, report, "ipcmark report -f csv");
    return NULL;
}

static enum ipm_exit report_explain(const struct report_request *request,
                                    struct ipm_report *report,
                                    struct ipm_outputs *outputs, struct ipm_err *err) {
    static struct ipm_explanation explanation; /* too large for a small stack */
    const struct ipm_document document = {.kind = IPM_DOCUMENT_EXPLANATION,
                                          .explanation = &explanation};
    const struct ipm_case *c = report_find(report, request->explain, err);
    enum ipm_exit ending = IPM_EXIT_BAD;
    if (c == NULL)
        return IPM_EXIT_REFUSED;
    if (c->status != IPM_CASE_OK || c->trial_count == 0) {
        ipm_err_set(err, -ENODATA, "the case '%s' was not measured: %.200s",
                    request->explain, c->reason);
        return IPM_EXIT_UNDECIDED;
    }
    ipm_version_fill(&explanation.tool);
    const int failed = ipm_explanation_make(&explanation, report, c, ipm_transport_find);
    if (failed != 0)
        ipm_err_sys(err, failed, "cannot explain");
    else if (ipm_outputs_write(outputs, &document, IPM_WHEN_AUTO, err) == 0)
        ending = IPM_EXIT_FINE;
    ipm_explanation_done(&explanation);
    return ending;
}

/* --- several reports -------------------------------------------------------------------- */

static enum ipm_exit report_show_merge(struct report_request *request,
                                       const struct ipm_baseline *inputs,
                                       struct ipm_err *err) {
    struct ipm_merge merge = {.threshold = REPORT_THRESHOLD};
    const struct ipm_document document = {.kind = IPM_DOCUMENT_MERGE, .merge = &merge};
    enum ipm_exit ending = IPM_EXIT_REFUSED;
    ipm_version_fill(&merge.tool);
    ipm_clock_wall_text(merge.merged_at);
    (void)snprintf(merge.by, sizeof merge.by, "%s",
                   request->by != NULL ? request->by : "hostname");
    if (ipm_merge_make(&merge, inputs->reports, (const char *const *)inputs->names,
                       inputs->count, err) == 0)
        ending = ipm_outputs_write(&request->outputs, &document, IPM_WHEN_AUTO, err) < 0
                     ? IPM_EXIT_BAD
                     : IPM_EXIT_FINE;
    if (ending == IPM_EXIT_FINE && merge.group_count < IPM_MERGE_GROUPS_LEAST) {
        ipm_err_set(
            err, -ENODATA, "%zu group%s: at least %d are needed to tell which is odd",
            merge.group_count, merge.group_count == 1 ? "" : "s", IPM_MERGE_GROUPS_LEAST);
        ending = IPM_EXIT_UNDECIDED;
    }
    if (ending == IPM_EXIT_FINE && !ipm_merge_tells(&merge)) {
        ipm_err_set(err, -ENODATA, "no case has values of at least %d groups",
                    IPM_MERGE_GROUPS_LEAST);
        ending = IPM_EXIT_UNDECIDED;
    }
    ipm_merge_done(&merge);
    return ending;
}

static enum ipm_exit report_show_history(struct report_request *request,
                                         const struct ipm_baseline *inputs,
                                         struct ipm_err *err) {
    struct ipm_history history = ipm_history_of(inputs->reports, inputs->count);
    struct ipm_comparison change;
    const struct ipm_document document = {.kind = IPM_DOCUMENT_HISTORY,
                                          .history = &history};
    int failed = ipm_history_compare(&history, &change);
    history.change = &change;
    if (failed)
        ipm_err_sys(err, failed, "cannot compare the runs");
    else
        failed = ipm_outputs_write(&request->outputs, &document, IPM_WHEN_AUTO, err);
    ipm_comparison_done(&change);
    return failed < 0 ? IPM_EXIT_BAD : IPM_EXIT_FINE;
}

static enum ipm_exit report_several(struct report_request *request, struct ipm_err *err) {
    struct ipm_baseline inputs = {0};
    enum ipm_exit ending = IPM_EXIT_REFUSED;
    if (ipm_baseline_read_all(&inputs, request->files, request->file_count, err) == 0 &&
        inputs.count == 0)
        ipm_err_set(err, -EINVAL, "there is no report in '%.200s'", request->files[0]);
    else if (inputs.count > 0 && err->code == 0)
        ending = request->merge ? report_show_merge(request, &inputs, err)
                                : report_show_history(request, &inputs, err);
    ipm_baseline_done(&inputs);
    return ending;
}

/* --- the command ------------------------------------------------------------------------ */

/* Whether the page shows a history instead of one report. */
static bool report_is_history(const struct report_request *request) {
    return !request->merge && strcmp(request->format, "html") == 0 &&
           (request->file_count > 1 || ipm_baseline_is_folder(request->files[0]));
}

/* Returns what is wrong with the request, and a hint; NULL: nothing is. */
static const char *report_fault(const struct report_request *request,
                                const char **ret_hint) {
    *ret_hint = "name a file of 'ipcmark run --json FILE', or '-'";
    if (request->file_count == 0)
        return "no report given";
    *ret_hint = "'--merge' makes one document of several, '--format html' a history; "
                "'ipcmark compare' judges two";
    if (request->file_count > 1 && !request->merge && !report_is_history(request))
        return "more than one report given";
    *ret_hint = "give one of them";
    if (request->merge && request->explain != NULL)
        return "'--explain' is of one report, '--merge' of several";
    *ret_hint = "give '--merge', too";
    if (request->by != NULL && !request->merge)
        return "'--by' is for '--merge'";
    *ret_hint = "it is a word such as 'node', as in 'ipcmark run --label node=rack7'";
    return request->by != NULL && !ipm_label_is_name(request->by)
               ? "the value of '--by' is no name of a label"
               : NULL;
}

static enum ipm_document_kind report_kind(const struct report_request *request) {
    if (request->merge)
        return IPM_DOCUMENT_MERGE;
    if (report_is_history(request))
        return IPM_DOCUMENT_HISTORY;
    return request->explain != NULL ? IPM_DOCUMENT_EXPLANATION : IPM_DOCUMENT_REPORT;
}

static enum ipm_exit report_show(struct report_request *request,
                                 struct ipm_report *report, struct ipm_err *err) {
    if (ipm_input_read(report, request->files[0], err) < 0)
        return IPM_EXIT_REFUSED;
    if (request->explain != NULL)
        return report_explain(request, report, &request->outputs, err);
    const struct ipm_document document = {.report = report};
    return ipm_outputs_write(&request->outputs, &document, IPM_WHEN_AUTO, err) < 0
               ? IPM_EXIT_BAD
               : IPM_EXIT_FINE;
}

static enum ipm_exit report_run(const struct ipm_call *call, struct ipm_err *err) {
    struct report_request *request = call->request;
    static struct ipm_report report; /* too large for a small stack */
    const char *hint = NULL;
    if (request->format == NULL)
        request->format = ipm_ending_format(request->output, err);
    if (request->format == NULL)
        return IPM_EXIT_REFUSED;
    const char *fault = report_fault(request, &hint);
    if (fault != NULL) {
        (void)ipm_err_refuse(err, hint, "%s", fault);
        return IPM_EXIT_REFUSED;
    }
    if (ipm_baseline_is_folder(request->files[0]) && !request->merge &&
        !report_is_history(request)) {
        (void)ipm_err_refuse(err,
                             "'--format html' shows its history, '--merge' makes one "
                             "document of its reports",
                             "'%.200s' is a folder, not a report", request->files[0]);
        return IPM_EXIT_REFUSED;
    }
    if (ipm_outputs_add(&request->outputs, request->format, request->output, err) < 0 ||
        ipm_outputs_check(&request->outputs, report_kind(request), err) < 0)
        return IPM_EXIT_REFUSED;
    if (request->merge || report_is_history(request))
        return report_several(request, err);
    ipm_report_init(&report);
    enum ipm_exit ending = report_show(request, &report, err);
    ipm_report_done(&report);
    return ending;
}

const struct ipm_command ipm_command_report = {
    .name = "report",
    .summary = "show a stored report, or those of several machines as one",
    .syntax = &report_syntax,
    .request_bytes = sizeof(struct report_request),
    .run = report_run,
};
