/* report.c - `ipcmark report`: shows a stored report in any format. */
#include "model/report/report.h"
#include "app/cli/optparse.h"
#include "app/commands/command.h"
#include "app/commands/input.h"
#include "app/commands/version.h"
#include "app/output/outputs.h"
#include "base/err.h"
#include "base/words.h"
#include "model/choose/explanation.h"
#include "reports/columns/format.h"
#include "reports/renderer.h"
#include "transports/transport.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

struct report_request {
    const char *input; /* first: see ipm_optparse_take_only */
    const char *format;
    const char *output;
    const char *explain;
    struct ipm_outputs outputs;
};

static const struct ipm_option report_options[] = {
    {.name = "format",
     .letter = 'f',
     .argument = "FORMAT",
     .help = "one of 'ipcmark list formats'",
     .fallback = "text",
     IPM_OPTION_TEXT(struct report_request, format)},
    {.name = "output",
     .letter = 'o',
     .argument = "FILE",
     .help = "where to write",
     .fallback = "-",
     IPM_OPTION_TEXT(struct report_request, output)},
    IPM_OPTION_UNIT(struct report_request),
    IPM_OPTION_WARNINGS(struct report_request),
    {.name = "explain",
     .argument = "CASE",
     .help = "show where the time of one case goes, such as stream/pipe/64, and what was "
             "better; as text or json",
     IPM_OPTION_TEXT(struct report_request, explain)},
    IPM_OPTION_HELP,
    {0},
};

static const struct ipm_optparse report_syntax = {
    .command = "ipcmark report",
    .operands = "REPORT.json",
    .about = "Read a JSON report ('-': from standard input) and show it.",
    .options = report_options,
    .operand = ipm_optparse_take_only,
    .unexpected_hint = "'ipcmark report' takes one report",
};

/* --- one case --------------------------------------------------------------------------- */

static const char *report_case(const void *context, size_t i) {
    const struct ipm_report *report = context;
    return i < report->case_count ? report->cases[i].config.name : NULL;
}

/* Returns the case of that name, or of that one for people, or NULL: there is none. */
static const struct ipm_case *report_find(const struct ipm_report *report,
                                          const char *name, struct ipm_err *err) {
    char title[IPM_TEXT_TITLE_BYTES];
    for (size_t i = 0; i < report->case_count; i++) {
        ipm_text_case(title, &report->cases[i].config);
        if (strcmp(report->cases[i].config.name, name) == 0 || strcmp(title, name) == 0)
            return &report->cases[i];
    }
    ipm_words_refuse(err, "case", "", name, report_case, report, "ipcmark report -f csv");
    return NULL;
}

static enum ipm_exit report_explain(const struct report_request *request,
                                    struct ipm_report *report,
                                    struct ipm_outputs *outputs, struct ipm_err *err) {
    static struct ipm_explanation explanation; /* too large for a small stack */
    const struct ipm_document document = {.explanation = &explanation};
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

static int report_check(const struct report_request *request,
                        const struct ipm_outputs *outputs, struct ipm_err *err) {
    if (request->explain == NULL ||
        outputs->items[0].renderer->render_explanation != NULL)
        return ipm_outputs_check(outputs, err);
    ipm_err_set(err, -EINVAL, "format '%s' shows no explanation", request->format);
    ipm_err_hint(err, "text and json do");
    return -EINVAL;
}

/* --- the command ------------------------------------------------------------------------ */

static enum ipm_exit report_show(struct report_request *request,
                                 struct ipm_report *report, struct ipm_err *err) {
    if (ipm_outputs_add(&request->outputs, request->format, request->output, err) < 0 ||
        report_check(request, &request->outputs, err) < 0 ||
        ipm_input_read(report, request->input, err) < 0)
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
    if (request->input == NULL) {
        ipm_err_set(err, -EINVAL, "no report given");
        ipm_err_hint(err, "name a file of 'ipcmark run --json FILE', or '-'");
        return IPM_EXIT_REFUSED;
    }
    ipm_report_init(&report);
    enum ipm_exit ending = report_show(request, &report, err);
    ipm_report_done(&report);
    return ending;
}

const struct ipm_command ipm_command_report = {
    .name = "report",
    .summary = "show a stored report",
    .syntax = &report_syntax,
    .request_bytes = sizeof(struct report_request),
    .run = report_run,
};
