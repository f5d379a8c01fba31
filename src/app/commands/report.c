/* report.c - `ipcmark report`: shows a stored report in any format. */
#include "model/report/report.h"
#include "app/cli/optparse.h"
#include "app/commands/command.h"
#include "app/commands/input.h"
#include "app/output/outputs.h"
#include "base/err.h"
#include "reports/renderer.h"

#include <errno.h>
#include <stddef.h>

struct report_request {
    const char *input; /* first: see ipm_optparse_take_only */
    const char *format;
    const char *output;
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
    IPM_OPTION_WARNINGS(struct report_request),
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

static enum ipm_exit report_show(struct report_request *request,
                                 struct ipm_report *report, struct ipm_err *err) {
    if (ipm_outputs_add(&request->outputs, request->format, request->output, err) < 0 ||
        ipm_outputs_check(&request->outputs, err) < 0 ||
        ipm_input_read(report, request->input, err) < 0)
        return IPM_EXIT_REFUSED;
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
