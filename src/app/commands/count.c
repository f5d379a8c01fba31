/* count.c - `ipcmark count`: boots of guests -> a report of counts, or a comparison of two. */
#include "app/commands/baseline.h"
#include "app/commands/command.h"
#include "app/commands/count_options.h"
#include "app/commands/judging.h"
#include "app/output/progress.h"
#include "base/cell.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/units.h"
#include "model/compare/compare.h"
#include "model/report/boots.h"
#include "reports/renderer.h"
#include "run/guest/guest.h"
#include "run/guest/image.h"
#include "run/process/stop.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct count_job {
    struct ipm_count_request *request;
    struct ipm_progress_line line;
    uint64_t boot_ns; /* how long the last boot took; 0: none was */
    uint64_t left;    /* boots */
};

/* --- a boot ------------------------------------------------------------------------------- */

static void count_show(struct count_job *job, const char *side, uint64_t seed) {
    char text[128];
    int used = snprintf(text, sizeof text, "%sboot %" PRIu64 " of %" PRIu64, side, seed,
                        job->request->seeds);
    if (job->boot_ns > 0)
        (void)snprintf(text + used, sizeof text - (size_t)used, ", about %s left",
                       ipm_units_time((double)job->boot_ns * (double)job->left).text);
    ipm_progress_put(&job->line, text);
}

static FILE *count_make_image(const struct ipm_count_request *request, enum ipm_arm side,
                              uint64_t seed, struct ipm_err *err) {
    const char *words[IPM_COUNT_OWN_WORDS + IPM_OPTPARSE_WORDS_MOST + 4];
    const struct ipm_cell number = ipm_cell_print("%" PRIu64, seed);
    const char *const more[] = {"--json", "-", "--seed", number.text};
    size_t count = IPM_COUNT_OWN_WORDS;
    memcpy(words, ipm_count_own_words, sizeof ipm_count_own_words);
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
        words[count++] = more[i];
    for (size_t i = 0; i < request->run.count; i++)
        words[count++] = request->run.items[i];
    const char *program = request->arms[side].binary_path;
    const bool foreign = ipm_guest_is_foreign(request->machine);
    const struct ipm_guest_image image = {.init = foreign ? program : request->self,
                                          .program = program,
                                          .preload = request->preload,
                                          .words = words,
                                          .word_count = count};
    return ipm_guest_image_make(&image, err);
}

/* What the guest's run refused is in its report. */
static int count_read(struct ipm_report *report, FILE *file, struct ipm_err *err) {
    ipm_report_init(report);
    const int code = ipm_report_read(report, file, "the guest", err);
    if (code == 0 && report->error[0] != '\0')
        return ipm_err_set(err, -EIO, "the run in the guest failed: %s", report->error);
    return code;
}

static int count_boot(const struct ipm_count_request *request, enum ipm_arm side,
                      uint64_t seed, struct ipm_report *ret_report, struct ipm_err *err) {
    char append[2 * 1024];
    FILE *file = NULL;
    FILE *image = count_make_image(request, side, seed, err);
    if (image == NULL)
        return err->code;
    const char *words[IPM_ARMS] = {request->arms[IPM_ARM_BASE].append,
                                   side == IPM_ARM_NEW ? request->arms[side].append : ""};
    (void)snprintf(append, sizeof append, "%s %s", words[0] != NULL ? words[0] : "",
                   words[1] != NULL ? words[1] : "");
    const struct ipm_guest_boot boot = {.machine = request->machine,
                                        .kernel = request->arms[side].kernel_path,
                                        .append = append,
                                        .image = image,
                                        .seed = seed,
                                        .most_ns = request->timeout_ns};
    int code = ipm_guest_run(&boot, &file, err);
    (void)fclose(image);
    if (code != 0)
        return code;
    code = count_read(ret_report, file, err);
    (void)fclose(file);
    return code;
}

/* --- a side ------------------------------------------------------------------------------- */

static int count_side(struct count_job *job, enum ipm_arm side, struct ipm_report *all,
                      struct ipm_err *err) {
    static const char *const names[IPM_ARMS] = {"A: ", "B: "};
    static struct ipm_report report; /* too large for a small stack */
    const struct ipm_count_request *request = job->request;
    int code = 0;
    for (uint64_t seed = 1; seed <= request->seeds && code == 0; seed++) {
        const uint64_t begun_ns = ipm_clock_now_ns();
        count_show(job, request->compares ? names[side] : "", seed);
        ipm_report_init(&report);
        code = count_boot(request, side, seed, &report, err);
        if (code == 0 && (code = ipm_boots_add(all, &report, seed - 1)) != 0)
            ipm_err_sys(err, code, "cannot store the boots");
        ipm_report_done(&report);
        job->boot_ns = ipm_clock_now_ns() - begun_ns;
        job->left--;
    }
    if (code == 0 && (code = ipm_report_summarize(all)) != 0)
        ipm_err_sys(err, code, "cannot summarise the boots");
    return code;
}

/* --- the end ------------------------------------------------------------------------------ */

/* Writes what distinguishes the side: "vmlinuz-6.1 init_on_alloc=0". */
static void count_title(char title[IPM_SIDE_NAME_BYTES],
                        const struct ipm_count_request *request, enum ipm_arm side) {
    const struct ipm_count_arm *arm = &request->arms[side];
    const char *binary = arm->binary;
    (void)snprintf(title, IPM_SIDE_NAME_BYTES, "%.100s%s%.80s%s%.60s", arm->kernel_path,
                   arm->append != NULL ? " " : "", arm->append != NULL ? arm->append : "",
                   binary != NULL ? " " : "", binary != NULL ? binary : "");
}

static enum ipm_exit count_compare(struct ipm_count_request *request,
                                   const struct ipm_compare_input *input,
                                   struct ipm_err *err) {
    static const struct ipm_metric_choice primary = {.primary = true};
    return ipm_judging_compare(&request->judging, input, &primary, NAN, err);
}

static enum ipm_exit count_compare_sides(struct ipm_count_request *request,
                                         const struct ipm_report *reports,
                                         struct ipm_err *err) {
    char titles[IPM_ARMS][IPM_SIDE_NAME_BYTES];
    const char *const names[IPM_ARMS] = {titles[0], titles[1]};
    struct ipm_compare_input input = {.only = NULL};
    for (int s = 0; s < IPM_ARMS; s++) {
        count_title(titles[s], request, (enum ipm_arm)s);
        input.sides[s].count = 1;
        input.sides[s].reports = &reports[s];
        input.sides[s].names = &names[s];
    }
    return count_compare(request, &input, err);
}

/* One report is enough, because counts do not vary. Further ones would widen the range of the
 * seeds by each change that was accepted. */
static enum ipm_exit count_compare_history(struct ipm_count_request *request,
                                           const struct ipm_report *fresh,
                                           struct ipm_err *err) {
    static const char *const name = "this count";
    struct ipm_baseline baseline = {0};
    enum ipm_exit ending = IPM_EXIT_REFUSED;
    if (ipm_baseline_read(&baseline, request->folder, 1, fresh, err) == 0) {
        const struct ipm_compare_input input = {
            .sides = {{.count = baseline.count,
                       .reports = baseline.reports,
                       .names = (const char *const *)baseline.names},
                      {.count = 1, .reports = fresh, .names = &name}}};
        if (!request->judging.quiet)
            ipm_baseline_tell(&baseline);
        ending = count_compare(request, &input, err);
        if (baseline.count == 0)
            ending = ipm_judging_save_first(&request->judging, request->folder, fresh,
                                            ending, err);
        else if (ending == IPM_EXIT_FINE || request->judging.open)
            ending = ipm_judging_save(request->folder, fresh, ending, err);
    }
    ipm_baseline_done(&baseline);
    return ending;
}

static enum ipm_exit count_finish(struct ipm_count_request *request,
                                  const struct ipm_report *reports, struct ipm_err *err) {
    const struct ipm_document document = {.report = reports};
    if (request->compares)
        return count_compare_sides(request, reports, err);
    if (request->folder != NULL)
        return count_compare_history(request, reports, err);
    const int written = ipm_outputs_write(&request->judging.outputs, &document,
                                          request->judging.color, err);
    const enum ipm_exit verdict = ipm_run_judge(reports, err);
    return verdict == IPM_EXIT_FINE && written < 0 ? IPM_EXIT_BAD : verdict;
}

/* The report has the command line and the time of this machine, and all else of the
 * guest. */
static int count_describe(struct ipm_report *report, const struct ipm_call *call,
                          const char *started_at, struct ipm_err *err) {
    (void)snprintf(report->run.started_at, sizeof report->run.started_at, "%s",
                   started_at);
    if (!((const struct ipm_count_request *)call->request)->no_ci_labels)
        ipm_labels_add_ci(&report->run.labels, getenv);
    const int code = ipm_report_set_command(report, call->argc, call->argv);
    return code == 0 ? 0 : ipm_err_sys(err, code, "cannot store the command line");
}

static enum ipm_exit count_measure(const struct ipm_call *call, struct ipm_err *err) {
    static struct ipm_report reports[IPM_ARMS]; /* too large for a small stack */
    struct ipm_count_request *request = call->request;
    const int sides = request->compares ? IPM_ARMS : 1;
    struct count_job job = {.request = request, .left = request->seeds * (uint64_t)sides};
    char started_at[IPM_NAME_BYTES];
    enum ipm_exit ending = IPM_EXIT_BAD;
    int code = 0;
    ipm_clock_wall_text(started_at);
    ipm_stop_install();
    ipm_progress_open(&job.line, stderr,
                      request->judging.quiet && request->progress == IPM_WHEN_AUTO
                          ? IPM_WHEN_NEVER
                          : request->progress,
                      1);
    for (int s = 0; s < sides && code == 0; s++) {
        ipm_report_init(&reports[s]);
        code = count_side(&job, (enum ipm_arm)s, &reports[s], err);
        if (code == 0)
            code = count_describe(&reports[s], call, started_at, err);
    }
    ipm_progress_close(&job.line);
    ipm_stop_settle();
    if (code == 0)
        ending = count_finish(request, reports, err);
    else if (code == -EINTR)
        ending = IPM_EXIT_STOPPED;
    if (code == -EINTR)
        ipm_err_set(err, -EINTR, "interrupted");
    for (int s = 0; s < sides; s++)
        ipm_report_done(&reports[s]);
    return ending;
}

static enum ipm_exit count_run(const struct ipm_call *call, struct ipm_err *err) {
    const enum ipm_exit ending = ipm_count_request_settle(call->request, err) < 0
                                     ? IPM_EXIT_REFUSED
                                     : count_measure(call, err);
    return ipm_judging_end(&((struct ipm_count_request *)call->request)->judging, ending);
}

const struct ipm_command ipm_command_count = {
    .name = "count",
    .summary = "count instructions exactly, in an emulated machine",
    .syntax = &ipm_count_syntax,
    .request_bytes = sizeof(struct ipm_count_request),
    .run = count_run,
    .refuse = ipm_run_refuse,
};
