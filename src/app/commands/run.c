/* run.c - `ipcmark run`: request -> plan -> runner -> documents. */
#include "app/commands/command.h"
#include "app/commands/judging.h"
#include "app/commands/machine.h"
#include "app/commands/run_options.h"
#include "app/commands/run_refine.h"
#include "app/commands/version.h"
#include "app/output/progress.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/random.h"
#include "base/shellwords.h"
#include "model/plan/plan.h"
#include "model/report/report.h"
#include "reports/columns/words.h"
#include "reports/renderer.h"
#include "run/host/activity.h"
#include "run/host/host.h"
#include "run/process/beside.h"
#include "run/process/stop.h"
#include "run/process/surroundings.h"
#include "run/schedule/runner.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* How long other activity is observed before a run: short compared with any run. */
#define RUN_OBSERVATION_NS ((uint64_t)20000000)

static int run_describe(struct ipm_report *report, const struct ipm_call *call,
                        struct ipm_err *err) {
    ipm_version_fill(&report->tool);
    ipm_host_read("", &report->host);
    ipm_activity_read("", RUN_OBSERVATION_NS, NULL, &report->host);
    report->host.steal_ratio = NAN; /* that of the run is known at its end */
    ipm_clock_wall_text(report->run.started_at);
    int code = ipm_report_set_command(report, call->argc, call->argv);
    return code == 0 ? 0 : ipm_err_sys(err, code, "cannot store the command line");
}

static uint64_t run_count_runnable(const struct ipm_plan *plan) {
    uint64_t count = 0;
    for (size_t i = 0; i < plan->count; i++)
        count += !plan->cases[i].skipped;
    return count;
}

static void run_on_progress(void *context, const struct ipm_progress *progress) {
    ipm_progress_draw(&((struct ipm_run_request *)context)->line, progress);
}

/* The progress line is cleared first, and drawn again by the next trial. */
static void run_write_round(struct ipm_run_request *request,
                            const struct ipm_report *report) {
    if (!request->live)
        return;
    ipm_progress_close(&request->line);
    ipm_live_write(stderr, report, request->live_round,
                   isatty(STDERR_FILENO) ? ipm_terminal_columns(STDERR_FILENO) : 0,
                   request->outputs.unit);
}

static void run_on_event(void *context, const struct ipm_report *report,
                         const struct ipm_event *event) {
    struct ipm_run_request *request = context;
    if (event->trial != NULL && event->trial->round > request->live_round) {
        run_write_round(request, report);
        request->live_round = event->trial->round;
    }
    ipm_outputs_add_event(&request->outputs, report, event);
}

static int run_measure(struct ipm_report *report, struct ipm_run_request *request,
                       struct ipm_plan *plan, struct ipm_err *err) {
    struct ipm_executor executor = ipm_executor_real;
    ipm_progress_open(&request->line, stderr,
                      request->quiet ? IPM_WHEN_NEVER : request->progress,
                      run_count_runnable(plan));
    executor.progress = run_on_progress;
    executor.event = run_on_event;
    executor.context = request;
    struct ipm_surroundings before = ipm_surroundings_keep();
    int code = ipm_runner_run(report, &request->options, plan, &executor, err);
    ipm_surroundings_restore(&before);
    run_write_round(request, report);
    ipm_progress_close(&request->line);
    if (code == 0)
        return 0;
    report->run.status = IPM_RUN_FAILED;
    (void)snprintf(report->error, sizeof report->error, "%s", err->text);
    return code;
}

static int run_prepare(struct ipm_run_request *request, struct ipm_plan *plan,
                       struct ipm_err *err) {
    int code = ipm_run_request_settle(request, err);
    if (code == 0)
        code = ipm_run_refine_check(&request->options, err);
    if (code < 0)
        return code;
    ipm_stop_install(); /* an interrupt ends in a report from now on */
    if (!request->seed_given)
        code = ipm_random_seed(&request->options.seed, err);
    if (code == 0)
        code = ipm_machine_plan(plan, &request->options, err);
    return code == 0 ? ipm_outputs_check(&request->outputs, IPM_DOCUMENT_REPORT, err)
                     : code;
}

/* Writes the warnings to standard error where no table shows them. */
static void run_warn(const struct ipm_report *report,
                     const struct ipm_run_request *request) {
    const struct ipm_output *standard = ipm_outputs_standard(&request->outputs);
    const enum ipm_warnings_shown shown = request->outputs.warnings;
    if (request->quiet || shown == IPM_WARNINGS_SHOW_NONE ||
        (standard != NULL && standard->renderer == ipm_renderer_find("text")))
        return;
    const struct ipm_warnings_top top = ipm_warnings_top(&report->warnings);
    for (size_t i = 0; shown == IPM_WARNINGS_SHOW_TOP && i < top.count; i++)
        (void)fprintf(stderr, "warning: %s%s\n", ipm_text_told(report, top.lines[i]).text,
                      i + 1 == top.count ? top.more : "");
    for (size_t i = 0; shown == IPM_WARNINGS_SHOW_ALL && i < report->warnings.count;
         i++) {
        const struct ipm_warning *warning = &report->warnings.items[i];
        (void)fprintf(stderr, "warning: %s%s",
                      ipm_text_told(report, warning->message).text,
                      warning->effect[0] != '\0' ? ": " : "");
        (void)fprintf(stderr, "%s\n", ipm_text_told(report, warning->effect).text);
        if (warning->advice[0] != '\0')
            (void)fprintf(stderr, "hint: %s\n", warning->advice);
    }
}

static int run_start_beside(struct ipm_beside *beside, const char *command,
                            struct ipm_err *err) {
    char **words = NULL;
    size_t count = 0;
    if (command[0] == '\0')
        return 0;
    int code =
        ipm_shellwords_split(command, "command of '--beside'", &words, &count, err);
    if (code == 0)
        code = count > 0
                   ? ipm_beside_start(beside, words, err)
                   : ipm_err_set(err, -EINVAL, "the command of '--beside' is empty");
    ipm_shellwords_free(words);
    return code;
}

/* Fails the run if the load program ended early, because results were then measured without it. */
static void run_stop_beside(struct ipm_beside *beside, struct ipm_err *err) {
    struct ipm_err ended = {0};
    if (ipm_beside_stop(beside, &ended) != 0 && err->code == 0)
        *err = ended;
}

/* Adds sizes to the plan if that is requested, and opens the outputs. */
static bool run_begin(struct ipm_run_request *request, struct ipm_plan *plan,
                      struct ipm_err *err) {
    const int code = request->options.find_crossovers
                         ? ipm_run_refine(request, plan, run_measure, err)
                         : 0;
    return code == 0 && ipm_outputs_open(&request->outputs, err) == 0;
}

static enum ipm_exit run_planned(const struct ipm_call *call, struct ipm_plan *plan,
                                 struct ipm_report *report, struct ipm_err *err) {
    struct ipm_run_request *request = call->request;
    report->run.seed = request->options.seed;
    report->run.labels = request->labels;
    if (!request->no_ci_labels)
        ipm_labels_add_ci(&report->run.labels, getenv);
    struct ipm_beside beside = {0};
    if (run_describe(report, call, err) < 0 ||
        run_start_beside(&beside, request->options.beside, err) < 0)
        return IPM_EXIT_REFUSED;
    const bool begun = run_begin(request, plan, err);
    report->settings = request->options;
    if (begun) /* err and the report contain a failure */
        (void)run_measure(report, request, plan, err);
    run_stop_beside(&beside, err);
    if (!begun)
        return IPM_EXIT_REFUSED;
    ipm_stop_settle();
    run_warn(report, request);
    const struct ipm_document document = {.report = report};
    int written = ipm_outputs_write(&request->outputs, &document, request->color, err);
    enum ipm_exit verdict = ipm_run_judge(report, err);
    return verdict == IPM_EXIT_FINE && written < 0 ? IPM_EXIT_BAD : verdict;
}

static enum ipm_exit run_run(const struct ipm_call *call, struct ipm_err *err) {
    static struct ipm_report report; /* too large for a small stack */
    struct ipm_plan plan = {0};
    enum ipm_exit ending = IPM_EXIT_REFUSED;
    ipm_report_init(&report);
    if (run_prepare(call->request, &plan, err) == 0)
        ending = run_planned(call, &plan, &report, err);
    ipm_plan_done(&plan);
    ipm_report_done(&report);
    return ending;
}

void ipm_run_refuse(const struct ipm_call *call, const char *error) {
    static struct ipm_report report;
    const struct ipm_document document = {.report = &report};
    ipm_report_init(&report);
    ipm_options_defaults(&report.settings);
    report.run.status = IPM_RUN_FAILED;
    (void)snprintf(report.error, sizeof report.error, "%s", error);
    if (run_describe(&report, call, NULL) == 0)
        (void)ipm_outputs_put_as("json", &document, "-", IPM_WHEN_NEVER, NULL);
    ipm_report_done(&report);
}

const struct ipm_command ipm_command_run = {
    .name = "run",
    .summary = "measure transports, print a table, write reports",
    .syntax = &ipm_run_syntax,
    .request_bytes = sizeof(struct ipm_run_request),
    .run = run_run,
    .refuse = ipm_run_refuse,
};
