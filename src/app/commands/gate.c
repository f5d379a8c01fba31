/* gate.c - `ipcmark gate`: run -> comparison with a history -> suspects in blocks -> verdict. */
#include "app/commands/ab_blocks.h"
#include "app/commands/baseline.h"
#include "app/commands/command.h"
#include "app/commands/gate_options.h"
#include "base/cell.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/random.h"
#include "model/compare/compare.h"
#include "run/process/stop.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

static const double GATE_ALPHA = 0.05;

/* Of what may fail or excuse the run: all measurements beside the history, and the twins. */
static const double GATE_ALPHA_LAST = 0.01;

enum { GATE_OWN_WORDS = 6, GATE_ARMS = 2 * IPM_ARMS, GATE_RUNS = 2, GATE_MORE = 4 };

struct gate_job {
    struct ipm_gate_request *request;
    uint64_t random;
    uint64_t deadline_ns;             /* of all measurements; 0: none */
    struct ipm_ab_arm arms[IPM_ARMS]; /* the base, or this program again; this program */
    struct ipm_ab_arm twins[IPM_ARMS];
    struct ipm_gate_words words; /* of run, for the suspects */
    struct ipm_progress_line line;
    struct ipm_report runs[GATE_RUNS]; /* beside a history: both measurements */
    struct ipm_baseline baseline;
};

/* --- judging ---------------------------------------------------------------------------- */

static int gate_compare(const struct gate_job *job, struct ipm_comparison *comparison,
                        const struct ipm_compare_input *input, bool paired, double alpha,
                        struct ipm_err *err) {
    *comparison = ipm_judging_begin(&job->request->judging, alpha);
    comparison->paired = paired;
    comparison->history = !paired;
    comparison->seed = job->request->seed;
    const int failed = ipm_compare(comparison, input, &job->request->judging.choice);
    return failed ? ipm_err_sys(err, failed, "cannot compare") : 0;
}

static int gate_compare_blocks(const struct gate_job *job,
                               struct ipm_comparison *comparison,
                               const struct ipm_ab_blocks *blocks,
                               const struct ipm_comparison *only, double alpha,
                               struct ipm_err *err) {
    const char *const names[IPM_ARMS] = {
        job->request->binary_base != NULL ? job->request->binary_base : "", ""};
    struct ipm_compare_input input = {.only = only};
    for (int s = 0; s < IPM_ARMS; s++) {
        input.sides[s].count = blocks->count;
        input.sides[s].reports = blocks->reports[s];
        input.sides[s].names = &names[s];
    }
    return gate_compare(job, comparison, &input, true, alpha, err);
}

/* One run, or both measurements. */
static int gate_compare_history(const struct gate_job *job,
                                struct ipm_comparison *comparison,
                                const struct ipm_report *fresh, size_t count,
                                const struct ipm_comparison *only, double alpha,
                                struct ipm_err *err) {
    static const char *const names[] = {"this run", "this run, again"};
    const struct ipm_compare_input input = {
        .only = only,
        .sides = {{.count = job->baseline.count,
                   .reports = job->baseline.reports,
                   .names = (const char *const *)job->baseline.names},
                  {.count = count, .reports = fresh, .names = names}}};
    return gate_compare(job, comparison, &input, false, alpha, err);
}

/* --- measuring -------------------------------------------------------------------------- */

static struct ipm_ab_plan gate_plan(struct gate_job *job, const struct ipm_ab_arm *sides,
                                    const char *title) {
    return (struct ipm_ab_plan){.sides = sides,
                                .random = &job->random,
                                .deadline_ns = job->deadline_ns,
                                .line = &job->line,
                                .title = title};
}

/* The whole run, with a part of the budget for contended trials. */
static int gate_measure_first(struct gate_job *job, struct ipm_err *err) {
    const struct ipm_gate_request *request = job->request;
    const char *words[IPM_OPTPARSE_WORDS_MOST + GATE_OWN_WORDS] = {"-r", "60", "-d",
                                                                   "20ms"};
    struct ipm_ab_arm arm = job->arms[IPM_ARM_NEW];
    const struct ipm_cell budget =
        ipm_cell_print("%" PRIu64 "ms", request->budget_ns / 4 / 1000000);
    size_t count = 4;
    if (request->budget_ns > 0) {
        words[count++] = "--budget";
        words[count++] = budget.text;
    }
    for (size_t i = 0; i < request->run.count; i++)
        words[count++] = request->run.items[i];
    arm.run_words = words;
    arm.run_count = count;
    arm.whole = true;
    ipm_progress_put(&job->line, "measuring");
    const int code = ipm_ab_arm_run(&arm, request->seed, &job->runs[0], err);
    ipm_progress_close(&job->line);
    return code;
}

/* Measures the suspects in new processes: with `pairs`, base and new; and the twins, new and
 * new, which should not differ. */
static int gate_measure_again(struct gate_job *job, struct ipm_ab_blocks *pairs,
                              struct ipm_ab_blocks *twins, struct ipm_err *err) {
    struct ipm_ab_plan plan = gate_plan(job, job->arms, "suspects, block");
    struct ipm_ab_plan twin_plan = gate_plan(job, job->twins, "suspects, block");
    int code = 0;
    for (uint64_t i = 0; i < job->request->blocks && code == 0; i++) {
        const size_t before = twins->count;
        if (pairs != NULL)
            code = ipm_ab_blocks_measure(pairs, &plan, 1, err);
        if (code == 0)
            code = ipm_ab_blocks_measure(twins, &twin_plan, 1, err);
        if (twins->count == before)
            break;
    }
    return code;
}

static void gate_use_words(struct ipm_ab_arm arms[IPM_ARMS], const char *const *words,
                           size_t count) {
    for (int s = 0; s < IPM_ARMS; s++) {
        arms[s].run_words = words;
        arms[s].run_count = count;
    }
}

/* --- suspects --------------------------------------------------------------------------- */

/* Beside a history: the second measurement alone, and both as two further runs. */
static int gate_settle_history(struct gate_job *job, struct ipm_comparison *first,
                               struct ipm_ab_blocks *twins,
                               const struct ipm_comparison *same, struct ipm_err *err) {
    struct ipm_comparison second = {0};
    struct ipm_comparison both = {0};
    ipm_report_init(&job->runs[1]);
    int code = ipm_compare_pool(&job->runs[1], twins->reports[0], twins->reports[1],
                                twins->count);
    if (code == 0)
        code =
            gate_compare_history(job, &second, &job->runs[1], 1, first, GATE_ALPHA, err);
    if (code == 0)
        code = gate_compare_history(job, &both, job->runs, GATE_RUNS, first,
                                    GATE_ALPHA_LAST, err);
    ipm_compare_recheck(first, &second, &both, same);
    ipm_comparison_done(&both);
    ipm_comparison_done(&second);
    ipm_report_done(&job->runs[1]);
    return code;
}

/* In blocks: the second measurement, whose trials are none of the first. */
static int gate_settle_pairs(struct gate_job *job, struct ipm_comparison *first,
                             const struct ipm_ab_blocks *pairs,
                             const struct ipm_comparison *same, struct ipm_err *err) {
    struct ipm_comparison second = {0};
    const int code = gate_compare_blocks(job, &second, pairs, first, GATE_ALPHA, err);
    ipm_compare_recheck(first, &second, &second, same);
    ipm_comparison_done(&second);
    return code;
}

/* Judges the suspects by both measurements. What was not measured is undecided. */
static int gate_settle(struct gate_job *job, struct ipm_comparison *first,
                       const struct ipm_ab_blocks *pairs, struct ipm_ab_blocks *twins,
                       struct ipm_err *err) {
    struct ipm_comparison same = {0};
    int code = gate_compare_blocks(job, &same, twins, first, GATE_ALPHA_LAST, err);
    if (code == 0)
        code = pairs != NULL ? gate_settle_pairs(job, first, pairs, &same, err)
                             : gate_settle_history(job, first, twins, &same, err);
    ipm_comparison_done(&same);
    return code;
}

static int gate_recheck(struct gate_job *job, struct ipm_comparison *first,
                        struct ipm_err *err) {
    struct ipm_ab_blocks pairs = {0};
    struct ipm_ab_blocks twins = {0};
    struct ipm_err later = {0};
    const bool paired = job->request->binary_base != NULL;
    if (ipm_compare_suspect(first) == 0)
        return 0;
    ipm_gate_request_narrow(job->request, first, &job->words);
    gate_use_words(job->arms, job->words.items, job->words.count);
    gate_use_words(job->twins, job->words.items, job->words.count);
    const int code = gate_measure_again(job, paired ? &pairs : NULL, &twins, err);
    const int settled = gate_settle(job, first, paired ? &pairs : NULL, &twins, &later);
    ipm_ab_blocks_done(&pairs);
    ipm_ab_blocks_done(&twins);
    if (code == 0 && settled != 0)
        *err = later;
    return code != 0 ? code : settled;
}

/* --- the end ---------------------------------------------------------------------------- */

static enum ipm_exit gate_conclude(const struct gate_job *job,
                                   const struct ipm_comparison *comparison, int code,
                                   struct ipm_err *err) {
    struct ipm_err words = {0};
    ipm_stop_settle();
    return ipm_judging_conclude(&job->request->judging, comparison, code, &words, err);
}

static bool gate_is_good(const struct ipm_comparison *comparison) {
    for (size_t i = 0; i < comparison->result_count; i++)
        if (comparison->results[i].suspect)
            return false;
    return true;
}

/* With an empty history there is nothing to compare: the run is its beginning. */
static enum ipm_exit gate_begin_history(const struct gate_job *job, struct ipm_err *err) {
    struct ipm_judging *judging = &job->request->judging;
    struct ipm_comparison comparison = {0};
    enum ipm_exit ending = IPM_EXIT_BAD;
    if (gate_compare_history(job, &comparison, &job->runs[0], 1, NULL, GATE_ALPHA, err) ==
        0)
        ending = ipm_judging_finish(judging, &comparison, err);
    ipm_comparison_done(&comparison);
    return ipm_judging_save_first(judging, job->request->folder, &job->runs[0], ending,
                                  err);
}

/* --- the command ------------------------------------------------------------------------ */

/* A run is whole, however long it takes. */
static void gate_tell_budget(const struct gate_job *job) {
    if (job->deadline_ns > 0 && ipm_clock_now_ns() >= job->deadline_ns)
        (void)fprintf(stderr, "ipcmark: the run alone took longer than the budget: "
                              "nothing is measured again\n"
                              "hint: a longer '--budget', shorter trials, fewer rounds "
                              "or cases\n");
}

static enum ipm_exit gate_with_history(struct gate_job *job, struct ipm_err *err) {
    const struct ipm_gate_request *request = job->request;
    struct ipm_comparison comparison = {0};
    int code = gate_measure_first(job, err);
    if (code == 0)
        code = ipm_baseline_read(&job->baseline, request->folder,
                                 (size_t)request->folder_most, &job->runs[0], err);
    if (code != 0)
        return code == -EINTR ? IPM_EXIT_STOPPED : IPM_EXIT_REFUSED;
    if (!request->judging.quiet) {
        ipm_baseline_tell(&job->baseline);
        gate_tell_budget(job);
    }
    if (job->baseline.count == 0)
        return gate_begin_history(job, err);
    code =
        gate_compare_history(job, &comparison, &job->runs[0], 1, NULL, GATE_ALPHA, err);
    if (code == 0)
        code = gate_recheck(job, &comparison, err);
    enum ipm_exit ending = gate_conclude(job, &comparison, code, err);
    const bool decided = request->judging.regressed == false && code == 0;
    if (decided && (ending == IPM_EXIT_FINE || request->judging.open) &&
        gate_is_good(&comparison))
        ending = ipm_judging_save(request->folder, &job->runs[0], ending, err);
    ipm_comparison_done(&comparison);
    return ending;
}

/* Without a budget, as many blocks as were asked for; else what half of it allows, the other
 * half is for suspects. It is judged once, so that more blocks are no further looks. */
static int gate_measure_pairs(struct gate_job *job, struct ipm_ab_blocks *blocks,
                              struct ipm_err *err) {
    const size_t some = (size_t)job->request->blocks;
    struct ipm_ab_plan plan = gate_plan(job, job->arms, "block");
    if (job->deadline_ns > 0)
        plan.deadline_ns -= job->request->budget_ns / 2;
    int code = ipm_ab_blocks_measure(blocks, &plan, some, err);
    job->request->judging.cut_short =
        code == 0 && blocks->count < some && blocks->count < ipm_verdict_least(true);
    for (size_t i = 1;
         i < GATE_MORE && code == 0 && plan.deadline_ns > 0 && blocks->count == i * some;
         i++)
        code = ipm_ab_blocks_measure(blocks, &plan, some, err);
    return code;
}

static enum ipm_exit gate_paired(struct gate_job *job, struct ipm_err *err) {
    struct ipm_comparison comparison = {0};
    struct ipm_ab_blocks blocks = {0};
    int code = gate_measure_pairs(job, &blocks, err);
    enum ipm_exit ending = IPM_EXIT_REFUSED;
    if (code == 0 || (code == -EINTR && blocks.count > 0)) {
        const int judged =
            gate_compare_blocks(job, &comparison, &blocks, NULL, GATE_ALPHA, err);
        code = code != 0 ? code : judged;
        if (code == 0)
            code = gate_recheck(job, &comparison, err);
        ending = gate_conclude(job, &comparison, code, err);
    } else if (code == -EINTR) {
        ending = IPM_EXIT_STOPPED;
    }
    ipm_comparison_done(&comparison);
    ipm_ab_blocks_done(&blocks);
    return ending;
}

static int gate_make_arms(struct gate_job *job, struct ipm_err *err) {
    const struct ipm_gate_request *request = job->request;
    struct ipm_ab_arm *arms[GATE_ARMS] = {&job->arms[0], &job->arms[1], &job->twins[0],
                                          &job->twins[1]};
    int code = 0;
    job->arms[IPM_ARM_BASE].binary = request->binary_base;
    for (size_t i = 0; i < GATE_ARMS && code == 0; i++) {
        arms[i]->name = i == 0 ? "the base" : "this program";
        arms[i]->run_words = request->run.items;
        arms[i]->run_count = request->run.count;
        code = ipm_ab_arm_settle(arms[i], err);
    }
    return code;
}

static void gate_done(struct gate_job *job) {
    for (int s = 0; s < IPM_ARMS; s++) {
        ipm_ab_arm_done(&job->arms[s]);
        ipm_ab_arm_done(&job->twins[s]);
    }
    ipm_report_done(&job->runs[0]);
    ipm_baseline_done(&job->baseline);
}

static enum ipm_exit gate_start(struct ipm_gate_request *request, struct ipm_err *err) {
    static struct gate_job job; /* too large for a small stack */
    if (request->seed == 0 && ipm_random_seed(&request->seed, err) < 0)
        return IPM_EXIT_REFUSED;
    job.request = request;
    job.random = request->seed;
    job.deadline_ns =
        request->budget_ns > 0 ? ipm_clock_now_ns() + request->budget_ns : 0;
    const bool hidden = request->judging.quiet && request->progress == IPM_WHEN_AUTO;
    ipm_progress_open(&job.line, stderr, hidden ? IPM_WHEN_NEVER : request->progress, 1);
    ipm_stop_install();
    enum ipm_exit ending = IPM_EXIT_REFUSED;
    if (gate_make_arms(&job, err) == 0)
        ending = request->folder != NULL ? gate_with_history(&job, err)
                                         : gate_paired(&job, err);
    gate_done(&job);
    return ending;
}

static enum ipm_exit gate_run(const struct ipm_call *call, struct ipm_err *err) {
    struct ipm_gate_request *request = call->request;
    enum ipm_exit ending = IPM_EXIT_REFUSED;
    if (ipm_gate_request_settle(request, err) == 0)
        ending = gate_start(request, err);
    return ipm_judging_end(&request->judging, ending);
}

static void gate_refuse(const struct ipm_call *call, const char *error) {
    (void)call;
    ipm_judging_refuse(false, error);
}

const struct ipm_command ipm_command_gate = {
    .name = "gate",
    .summary = "fail if this program or machine got slower than before",
    .syntax = &ipm_gate_syntax,
    .request_bytes = sizeof(struct ipm_gate_request),
    .run = gate_run,
    .refuse = gate_refuse,
};
