/* ab.c - `ipcmark ab`: blocks -> verdicts -> blocks again for what changed. */
#include "app/commands/ab_blocks.h"
#include "app/commands/ab_options.h"
#include "app/commands/command.h"
#include "app/commands/judging.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/random.h"
#include "model/compare/compare.h"
#include "model/compare/rank.h"
#include "run/process/stop.h"

#include <errno.h>

static const double AB_ALPHA = 0.05;

struct ab_job {
    struct ipm_ab_request *request;
    uint64_t random;
    uint64_t begun_ns;
    char titles[IPM_ARMS][IPM_SIDE_NAME_BYTES];
    struct ipm_ab_plan plan;
    struct ipm_progress_line line;
};

/* --- judging ---------------------------------------------------------------------------- */

static int ab_judge(const struct ab_job *job, struct ipm_comparison *comparison,
                    const struct ipm_ab_blocks *blocks, double alpha,
                    const struct ipm_comparison *only, struct ipm_err *err) {
    const char *const names[IPM_ARMS] = {job->titles[0], job->titles[1]};
    struct ipm_compare_input input = {.only = only};
    const struct ipm_judging *judging = &job->request->judging;
    for (int s = 0; s < IPM_ARMS; s++) {
        input.sides[s].count = blocks->count;
        input.sides[s].reports = blocks->reports[s];
        input.sides[s].names = &names[s];
    }
    ipm_comparison_done(comparison);
    *comparison = ipm_judging_begin(judging, alpha);
    comparison->paired = true;
    comparison->seed = job->request->seed;
    const int failed = ipm_compare(comparison, &input, &judging->choice);
    return failed ? ipm_err_sys(err, failed, "cannot compare") : 0;
}

static bool ab_is_open(const struct ipm_comparison *comparison) {
    return ipm_comparison_count(comparison, IPM_VERDICT_UNDECIDED) > 0 ||
           ipm_comparison_count(comparison, IPM_VERDICT_INSUFFICIENT) > 0;
}

static bool ab_has_changed(const struct ipm_comparison *comparison) {
    return ipm_comparison_count(comparison, IPM_VERDICT_REGRESSED) > 0 ||
           ipm_comparison_count(comparison, IPM_VERDICT_IMPROVED) > 0;
}

/* --- measuring -------------------------------------------------------------------------- */

/* Each look at the data is a chance of a false verdict. With a budget the first look gets
 * half of alpha, the second a quarter, and so on. */
static int ab_first_round(struct ab_job *job, struct ipm_ab_blocks *blocks,
                          struct ipm_comparison *comparison, struct ipm_err *err) {
    const bool looks_again = job->request->budget_ns > 0;
    double alpha = looks_again ? AB_ALPHA / 2 : AB_ALPHA;
    job->plan.title = "block";
    if (looks_again) /* the other half is for confirmation */
        job->plan.deadline_ns = job->begun_ns + job->request->budget_ns / 2;
    for (;;) {
        struct ipm_err judging = {0};
        const int code =
            ipm_ab_blocks_measure(blocks, &job->plan, (size_t)job->request->blocks, err);
        const int judged = ab_judge(job, comparison, blocks, alpha, NULL, &judging);
        if (code != 0 || judged != 0) {
            if (err != NULL && code == 0)
                *err = judging;
            return code != 0 ? code : judged;
        }
        const bool full = blocks->count + job->request->blocks > IPM_RANK_MOST;
        if (!looks_again || full || !ab_is_open(comparison) ||
            !ipm_ab_has_time(&job->plan))
            return 0;
        alpha /= 2;
    }
}

/* All cases run again, not only those that changed, because the cases in between are part
 * of the conditions. */
static int ab_second_round(struct ab_job *job, struct ipm_comparison *first,
                           struct ipm_err *err) {
    struct ipm_ab_blocks blocks = {0};
    struct ipm_comparison second = {0};
    job->plan.title = "confirming block";
    if (job->request->budget_ns > 0)
        job->plan.deadline_ns = job->begun_ns + job->request->budget_ns;
    int code =
        ipm_ab_blocks_measure(&blocks, &job->plan, (size_t)job->request->blocks, err);
    if (code == 0)
        code = ab_judge(job, &second, &blocks, AB_ALPHA, first, err);
    if (code == 0 || code == -EINTR)
        ipm_compare_confirm(first, &second);
    ipm_comparison_done(&second);
    ipm_ab_blocks_done(&blocks);
    return code;
}

/* A failure in the first block is an error of the command. After that, the blocks
 * measured before a failure are shown. */
static enum ipm_exit ab_conclude(const struct ab_job *job,
                                 const struct ipm_comparison *comparison, size_t blocks,
                                 int code, struct ipm_err *err) {
    struct ipm_err words = {0};
    ipm_stop_settle();
    if (code != 0 && code != -EINTR && blocks == 0)
        return IPM_EXIT_REFUSED;
    if (code == 0 && blocks == 0) {
        ipm_err_set(&words, -ETIME, "the budget ended before a block was measured");
        ipm_err_hint(&words, "half of it is for measuring, half for confirming; one "
                             "block is thrown away");
    }
    return ipm_judging_conclude(&job->request->judging, comparison, code, &words, err);
}

static enum ipm_exit ab_compare(struct ab_job *job, struct ipm_err *err) {
    struct ipm_ab_blocks blocks = {0};
    struct ipm_comparison comparison = {0};
    int code = ab_first_round(job, &blocks, &comparison, err);
    if (code == 0 && ab_has_changed(&comparison))
        code = ab_second_round(job, &comparison, err);
    const enum ipm_exit ending = ab_conclude(job, &comparison, blocks.count, code, err);
    ipm_comparison_done(&comparison);
    ipm_ab_blocks_done(&blocks);
    return ending;
}

/* --- the command ------------------------------------------------------------------------ */

static enum ipm_exit ab_start(struct ipm_ab_request *request, struct ipm_err *err) {
    struct ab_job job = {.request = request};
    if (request->seed == 0 && ipm_random_seed(&request->seed, err) < 0)
        return IPM_EXIT_REFUSED;
    job.random = request->seed;
    job.begun_ns = ipm_clock_now_ns();
    ipm_progress_open(&job.line, stderr,
                      request->judging.quiet && request->progress == IPM_WHEN_AUTO
                          ? IPM_WHEN_NEVER
                          : request->progress,
                      1);
    job.plan = (struct ipm_ab_plan){
        .sides = request->sides, .random = &job.random, .line = &job.line};
    for (int s = 0; s < IPM_ARMS; s++)
        ipm_ab_arm_title(job.titles[s], sizeof job.titles[s], &request->sides[s]);
    ipm_stop_install();
    return ab_compare(&job, err);
}

static enum ipm_exit ab_run(const struct ipm_call *call, struct ipm_err *err) {
    struct ipm_ab_request *request = call->request;
    enum ipm_exit ending = IPM_EXIT_REFUSED;
    if (ipm_ab_request_settle(request, err) == 0)
        ending = ab_start(request, err);
    ipm_ab_request_done(request);
    return ipm_judging_end(&request->judging, ending);
}

static void ab_refuse(const struct ipm_call *call, const char *error) {
    (void)call;
    ipm_judging_refuse(true, error);
}

const struct ipm_command ipm_command_ab = {
    .name = "ab",
    .summary = "judge whether B is slower than A on this machine",
    .syntax = &ipm_ab_syntax,
    .request_bytes = sizeof(struct ipm_ab_request),
    .run = ab_run,
    .refuse = ab_refuse,
};
