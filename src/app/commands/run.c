/* run.c - `ipcmark run`: request -> plan -> runner -> documents. Must not know a transport
 * or a format by its name, nor how anything is measured. */
#include "app/cli/request.h"
#include "app/commands/command.h"
#include "app/commands/help.h"
#include "app/commands/machine.h"
#include "app/commands/version.h"
#include "app/output/observer.h"
#include "base/clock.h"
#include "base/err.h"
#include "model/plan/plan.h"
#include "model/report/report.h"
#include "run/host/host.h"
#include "run/process/stop.h"
#include "run/schedule/runner.h"

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

/* JSON readers that hold numbers as doubles keep 53 bits. */
static const uint64_t RUN_SEED_MASK = ((uint64_t)1 << 53) - 1;

static int run_draw_seed(struct ipm_request *request, struct ipm_err *err) {
    uint64_t seed = 0;
    if (request->seed_given)
        return 0;
    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        return ipm_err_sys(err, -errno, "cannot draw a seed");
    request->options.seed = seed & RUN_SEED_MASK;
    return 0;
}

static int run_plan(struct ipm_plan *plan, const struct ipm_options *options,
                    struct ipm_err *err) {
    struct ipm_here here;
    int code = ipm_here_look(&here, options->buffer_bytes, err);
    if (code == 0)
        code = ipm_plan_make(plan, options, &here.machine, err);
    ipm_here_done(&here);
    return code;
}

static int run_prepare(struct ipm_request *request, struct ipm_plan *plan,
                       struct ipm_err *err) {
    int code = run_draw_seed(request, err);
    if (code == 0)
        code = run_plan(plan, &request->options, err);
    return code == 0 ? ipm_outputs_check(&request->outputs, err) : code;
}

static int run_describe(struct ipm_report *report, const struct ipm_request *request,
                        int argc, char **argv, struct ipm_err *err) {
    ipm_version_fill(&report->tool);
    ipm_host_read(&report->host);
    ipm_clock_wall_text(report->run.started_at);
    report->settings = request->options;
    report->run.seed = request->options.seed;
    int code = ipm_report_set_command(report, argc, argv);
    return code == 0 ? 0 : ipm_err_sys(err, code, "cannot keep the command line");
}

static uint64_t run_count_runnable(const struct ipm_plan *plan) {
    uint64_t count = 0;
    for (size_t i = 0; i < plan->count; i++)
        count += !plan->cases[i].skipped;
    return count;
}

static int run_measure(struct ipm_report *report, const struct ipm_request *request,
                       const struct ipm_plan *plan, struct ipm_observer *watch,
                       struct ipm_err *err) {
    struct ipm_executor executor = ipm_executor_real;
    ipm_progress_open(&watch->line, stderr,
                      request->quiet ? IPM_WHEN_NEVER : request->progress,
                      run_count_runnable(plan));
    ipm_observer_attach(watch, &executor);
    int code = ipm_runner_run(report, &request->options, plan, &executor, err);
    ipm_progress_close(&watch->line);
    if (code == 0)
        return 0;
    report->run.status = IPM_RUN_FAILED;
    (void)snprintf(report->error, sizeof report->error, "%s", err->text);
    return code;
}

/* The table has its warnings below it; where it is not shown, they are told here. */
static void run_warn(const struct ipm_report *report, const struct ipm_request *request) {
    const struct ipm_output *standard = ipm_outputs_standard(&request->outputs);
    if (request->quiet ||
        (standard != NULL && standard->renderer == ipm_renderer_find("text")))
        return;
    for (size_t i = 0; i < report->warnings.count; i++) {
        const struct ipm_warning *warning = &report->warnings.items[i];
        (void)fprintf(stderr, "warning: %s\n", warning->message);
        if (warning->advice[0] != '\0')
            (void)fprintf(stderr, "hint: %s\n", warning->advice);
    }
}

static void run_word_failures(const struct ipm_report *report, struct ipm_err *err) {
    const struct ipm_case *first = NULL;
    size_t failed = 0;
    for (size_t i = 0; i < report->case_count; i++) {
        if (report->cases[i].status != IPM_CASE_FAILED)
            continue;
        failed++;
        first = first != NULL ? first : &report->cases[i];
    }
    if (first == NULL)
        return;
    ipm_err_set(err, -EIO, "%zu of %zu cases failed; the first, '%s': %.200s", failed,
                report->case_count, first->config.name, first->reason);
}

static enum ipm_exit run_judge(const struct ipm_report *report, struct ipm_err *err) {
    if (report->run.status == IPM_RUN_INTERRUPTED) {
        ipm_err_set(err, -EINTR, "interrupted, the report is partial");
        return IPM_EXIT_STOPPED;
    }
    run_word_failures(report, err);
    return err->code == 0 ? IPM_EXIT_FINE : IPM_EXIT_BAD;
}

/* What grew on standard output comes after all files, and so does a whole document there. */
static enum ipm_exit run_write(const struct ipm_request *request,
                               const struct ipm_report *report, struct ipm_live *live,
                               struct ipm_err *err) {
    const struct ipm_outputs whole = ipm_outputs_whole(&request->outputs);
    const bool last = ipm_outputs_standard(&whole) == NULL;
    enum ipm_exit grown = last ? IPM_EXIT_FINE : ipm_live_close(live, report, err);
    enum ipm_exit written = ipm_outputs_write(&whole, report, request->color, err);
    if (last)
        grown = ipm_live_close(live, report, err);
    return grown != IPM_EXIT_FINE ? grown : written;
}

static enum ipm_exit run_planned(const struct ipm_request *request,
                                 const struct ipm_plan *plan, struct ipm_report *report,
                                 int argc, char **argv, struct ipm_err *err) {
    struct ipm_observer watch = {0};
    if (run_describe(report, request, argc, argv, err) < 0 ||
        ipm_live_open(&watch.live, &request->outputs, err) < 0)
        return IPM_EXIT_REFUSED;
    (void)run_measure(report, request, plan, &watch,
                      err); /* its failure is in err and the report */
    ipm_stop_settle();
    run_warn(report, request);
    enum ipm_exit written = run_write(request, report, &watch.live, err);
    enum ipm_exit verdict = run_judge(report, err);
    return verdict != IPM_EXIT_FINE ? verdict : written;
}

static enum ipm_exit run_run(int argc, char **argv, struct ipm_err *err) {
    struct ipm_request request;
    struct ipm_plan plan = {0};
    struct ipm_report report;
    enum ipm_exit outcome = IPM_EXIT_REFUSED;
    int parsed = ipm_request_parse(&request, argc, argv, err);
    if (parsed == IPM_OPTPARSE_HELP)
        return ipm_help_show(&ipm_request_syntax, err);
    if (parsed < 0)
        return IPM_EXIT_REFUSED;
    ipm_stop_install(); /* from here on an interrupt still ends in a report */
    ipm_report_init(&report);
    if (run_prepare(&request, &plan, err) == 0)
        outcome = run_planned(&request, &plan, &report, argc, argv, err);
    ipm_plan_done(&plan);
    ipm_report_done(&report);
    return outcome;
}

const struct ipm_command ipm_command_run = {
    .name = "run",
    .summary = "measure transports, print a table, write reports",
    .syntax = &ipm_request_syntax,
    .run = run_run,
};
