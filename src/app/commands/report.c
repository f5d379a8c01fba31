/* report.c - `ipcmark report`: reads a stored report and shows it in some format. Must not
 * know a format, nor what is in a report. */
#include "model/report/report.h"
#include "app/cli/optparse.h"
#include "app/commands/command.h"
#include "app/commands/help.h"
#include "app/commands/input.h"
#include "app/output/outputs.h"
#include "base/err.h"
#include "reports/renderer.h"

#include <errno.h>
#include <stddef.h>

struct report_request {
    const char *format;
    const char *output;
    const char *input;
};

static const struct ipm_option report_options[] = {
    {.name = "format",
     .key = 'f',
     .argument = "FORMAT",
     .help = "one of 'ipcmark list formats'",
     .fallback = "text",
     .set = ipm_optparse_set_text,
     .offset = offsetof(struct report_request, format)},
    {.name = "output",
     .key = 'o',
     .argument = "FILE",
     .help = "where to write",
     .fallback = "-",
     .set = ipm_optparse_set_text,
     .offset = offsetof(struct report_request, output)},
    IPM_OPTION_HELP,
    {0},
};

static int report_take(void *target, const char *word, struct ipm_err *err) {
    struct report_request *request = target;
    if (request->input != NULL) {
        ipm_err_set(err, -EINVAL, "unexpected argument '%.100s'", word);
        ipm_err_hint(err, "'ipcmark report' takes one report");
        return -EINVAL;
    }
    request->input = word;
    return 0;
}

static const struct ipm_optparse report_syntax = {
    .command = "ipcmark report",
    .operands = "REPORT.json",
    .about = "Read a JSON report ('-': from standard input) and show it.",
    .options = report_options,
    .operand = report_take,
};

static enum ipm_exit report_show(const struct report_request *request,
                                 struct ipm_report *report, struct ipm_err *err) {
    struct ipm_outputs outputs = {0};
    const struct ipm_renderer *renderer = ipm_outputs_renderer(request->format, err);
    if (renderer == NULL ||
        ipm_outputs_add(&outputs, renderer, request->output, err) < 0 ||
        ipm_outputs_check(&outputs, err) < 0 ||
        ipm_input_read(report, request->input, err) < 0)
        return IPM_EXIT_REFUSED;
    return ipm_outputs_write(&outputs, report, IPM_WHEN_AUTO, err);
}

static enum ipm_exit report_run(int argc, char **argv, struct ipm_err *err) {
    struct report_request request = {0};
    struct ipm_report report;
    int parsed = ipm_optparse_parse(&report_syntax, argc, argv, 2, &request, err);
    if (parsed == IPM_OPTPARSE_HELP)
        return ipm_help_show(&report_syntax, err);
    if (parsed == 0 && request.input == NULL) {
        parsed = -EINVAL;
        ipm_err_set(err, parsed, "no report given");
        ipm_err_hint(err, "name a file of 'ipcmark run --json FILE', or '-'");
    }
    if (parsed < 0)
        return IPM_EXIT_REFUSED;
    ipm_report_init(&report);
    enum ipm_exit outcome = report_show(&request, &report, err);
    ipm_report_done(&report);
    return outcome;
}

const struct ipm_command ipm_command_report = {
    .name = "report",
    .summary = "show a stored report",
    .syntax = &report_syntax,
    .run = report_run,
};
