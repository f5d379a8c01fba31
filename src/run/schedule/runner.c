/* runner.c - walks the plan in interleaved rounds. Knows no transport's name, forks
 * nothing and reads no clock but the executor's. */
#include "run/schedule/runner.h"

#include "base/err.h"
#include "run/framings/framing.h"
#include "run/io/io.h"
#include "run/patterns/pattern.h"
#include "run/process/stop.h"
#include "run/schedule/calibrate.h"
#include "run/schedule/run_state.h"
#include "run/servers/server.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNNER_NULL_MESSAGES = 100000, RUNNER_NULL_BYTES = 64 };

static const uint64_t RUNNER_NULL_TIMEOUT_NS = 10000000000u;

struct ipm_trial_config ipm_run_state_config(const struct ipm_run_state *walk,
                                             size_t index, uint64_t messages) {
    const struct ipm_plan_case *planned = &walk->plan->cases[index];
    const struct ipm_case_config *settings = &planned->config;
    return (struct ipm_trial_config){.settings = settings,
                                     .transport = planned->transport,
                                     .pattern = ipm_pattern_find(settings->pattern),
                                     .framing = ipm_framing_find(settings->framing),
                                     .io = ipm_io_find(settings->io),
                                     .server = ipm_server_find(settings->server),
                                     .messages = messages,
                                     .seed = walk->options->seed,
                                     .timeout_ns = walk->options->timeout_ns};
}

static void runner_tell(const struct ipm_run_state *walk, enum ipm_event_kind kind,
                        size_t index, const struct ipm_sample *trial) {
    const struct ipm_event event = {.kind = kind, .case_index = index, .trial = trial};
    if (walk->executor->event)
        walk->executor->event(walk->executor->context, walk->report, &event);
}

void ipm_run_state_fail(struct ipm_run_state *walk, size_t index,
                        const struct ipm_err *err) {
    struct ipm_case *row = &walk->report->cases[index];
    row->status = IPM_CASE_FAILED;
    walk->cases[index].active = false;
    (void)snprintf(row->reason, sizeof row->reason, "%s%s%s%s", err->text,
                   err->hint[0] ? " (" : "", err->hint, err->hint[0] ? ")" : "");
    runner_tell(walk, IPM_EVENT_TRIAL, index, NULL);
}

/* A timed trial takes as long as those before it; before the first, as long as asked. */
static uint64_t runner_left_ns(const struct ipm_run_state *walk) {
    uint64_t each_ns = walk->timed_trials ? walk->timed_ns / walk->timed_trials
                                          : walk->options->duration_ns;
    return (walk->total_trials - walk->done_trials) * each_ns;
}

static void runner_show(struct ipm_run_state *walk, size_t index, const char *phase) {
    const struct ipm_executor *executor = walk->executor;
    if (!executor->progress)
        return;
    if (walk->done_trials > walk->total_trials)
        walk->done_trials = walk->total_trials;
    struct ipm_progress progress = {.phase = phase,
                                    .case_name = walk->report->cases[index].config.name,
                                    .done_trials = walk->done_trials,
                                    .total_trials = walk->total_trials,
                                    .elapsed_ns = executor->now_ns(executor->context) -
                                                  walk->started_ns,
                                    .left_ns = runner_left_ns(walk)};
    executor->progress(executor->context, &progress);
}

bool ipm_run_state_trial(struct ipm_run_state *walk, size_t index, const char *phase,
                         const struct ipm_trial_config *config,
                         struct ipm_sample *ret_sample) {
    const struct ipm_executor *executor = walk->executor;
    struct ipm_case *row = &walk->report->cases[index];
    struct ipm_trial_facts facts;
    struct ipm_err err = {0};
    runner_show(walk, index, phase);
    *ret_sample = (struct ipm_sample){0};
    int failed = executor->trial(executor->context, config, ret_sample, &facts, &err);
    walk->done_trials++;
    walk->stopped = walk->stopped || executor->stopped(executor->context) != 0;
    if (failed && !walk->stopped)
        ipm_run_state_fail(walk, index, &err);
    if (failed || walk->stopped) {
        ipm_sample_done(ret_sample);
        return false;
    }
    memcpy(row->endpoint, facts.endpoint, sizeof row->endpoint);
    memcpy(row->settings, facts.settings, sizeof row->settings);
    return true;
}

/* splitmix64 (Steele et al. 2014). */
static uint64_t runner_random(struct ipm_run_state *walk) {
    uint64_t z = walk->random += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void runner_shuffle(struct ipm_run_state *walk) {
    for (size_t i = walk->plan->count; i > 1; i--) {
        size_t j = runner_random(walk) % i;
        size_t kept = walk->order[i - 1];
        walk->order[i - 1] = walk->order[j];
        walk->order[j] = kept;
    }
}

/* The yardstick that moves nothing, through the same trial as everything else. */
static double runner_null_ns(struct ipm_run_state *walk) {
    static const struct ipm_case_config settings = {.message_bytes = RUNNER_NULL_BYTES,
                                                    .recv_bytes = RUNNER_NULL_BYTES,
                                                    .clients = 1,
                                                    .batch = 1,
                                                    .sender_cpu = -1,
                                                    .receiver_cpu = -1};
    const struct ipm_executor *executor = walk->executor;
    struct ipm_trial_config config = {.settings = &settings,
                                      .pattern = ipm_patterns[0],
                                      .messages = RUNNER_NULL_MESSAGES,
                                      .timeout_ns = RUNNER_NULL_TIMEOUT_NS};
    struct ipm_sample sample = {0};
    struct ipm_err err = {0};
    for (size_t i = 0; ipm_transports[i] && !config.transport; i++)
        if ((ipm_transports[i]->caps & IPM_CAP_HOLLOW) != 0)
            config.transport = ipm_transports[i];
    if (!config.transport ||
        executor->trial(executor->context, &config, &sample, NULL, &err) != 0)
        return NAN;
    const double each_ns = (double)sample.elapsed_ns / (double)sample.sent.messages;
    ipm_sample_done(&sample);
    return each_ns;
}

static int runner_references(struct ipm_run_state *walk, uint64_t round) {
    const struct ipm_executor *executor = walk->executor;
    struct ipm_references *references = &walk->report->references;
    struct ipm_reference_round *row = ipm_references_add_round(references);
    if (!row)
        return -ENOMEM;
    row->round = round;
    for (size_t i = 0; i < references->sizes.count; i++)
        row->memcpy_bytes_per_second[i] =
            executor->memcpy_rate(executor->context, references->sizes.items[i]);
    row->null_syscall_ns = executor->syscall_ns(executor->context);
    row->core_to_core_ns = executor->core_to_core_ns(executor->context);
    row->null_transport_ns_per_message = runner_null_ns(walk);
    return 0;
}

static void runner_warm_up(struct ipm_run_state *walk, size_t index) {
    struct ipm_run_state_case *mine = &walk->cases[index];
    struct ipm_trial_config config = ipm_run_state_config(walk, index, mine->messages);
    struct ipm_sample sample;
    if (!ipm_run_state_trial(walk, index, "warming up", &config, &sample))
        return;
    mine->messages =
        ipm_calibrate_scale(mine->messages, sample.elapsed_ns, walk->options->duration_ns,
                            config.settings->message_bytes);
    ipm_sample_done(&sample);
}

static int runner_measure(struct ipm_run_state *walk, size_t index, uint64_t round) {
    const struct ipm_executor *executor = walk->executor;
    struct ipm_trial_config config =
        ipm_run_state_config(walk, index, walk->cases[index].messages);
    struct ipm_sample sample;
    uint64_t begin_ns = executor->now_ns(executor->context);
    if (!ipm_run_state_trial(walk, index, "measuring", &config, &sample))
        return 0;
    walk->timed_ns += executor->now_ns(executor->context) - begin_ns;
    walk->timed_trials++;
    struct ipm_sample *kept = ipm_case_add_trial(&walk->report->cases[index]);
    if (!kept) {
        ipm_sample_done(&sample);
        return -ENOMEM;
    }
    *kept = sample;
    kept->round = round;
    runner_tell(walk, IPM_EVENT_TRIAL, index, kept);
    return 0;
}

static void runner_warm_round(struct ipm_run_state *walk) {
    runner_shuffle(walk);
    for (size_t i = 0; i < walk->plan->count && !walk->stopped; i++)
        if (walk->cases[walk->order[i]].active)
            runner_warm_up(walk, walk->order[i]);
}

static int runner_round(struct ipm_run_state *walk, uint64_t round) {
    int failed = runner_references(walk, round);
    runner_shuffle(walk);
    walk->stopped = walk->executor->stopped(walk->executor->context) != 0;
    for (size_t i = 0; i < walk->plan->count && !failed && !walk->stopped; i++)
        if (walk->cases[walk->order[i]].active)
            failed = runner_measure(walk, walk->order[i], round);
    return failed;
}

static bool runner_is_active(const struct ipm_run_state *walk) {
    bool active = false;
    for (size_t i = 0; i < walk->plan->count; i++)
        active = active || walk->cases[i].active;
    return active;
}

static int runner_all(struct ipm_run_state *walk) {
    int failed = 0;
    runner_tell(walk, IPM_EVENT_START, 0, NULL);
    for (size_t i = 0; i < walk->plan->count && !walk->stopped; i++)
        if (walk->cases[i].active)
            ipm_calibrate_case(walk, i);
    for (uint64_t i = 0; i < walk->options->warmup_rounds && !walk->stopped; i++)
        runner_warm_round(walk);
    for (uint64_t i = 0; i < walk->options->rounds && !failed; i++) {
        if (walk->stopped || !runner_is_active(walk))
            break;
        failed = runner_round(walk, i);
    }
    return failed;
}

/* The rows of the report, before anything is measured. */
static int runner_add_rows(struct ipm_run_state *walk) {
    uint64_t active = 0;
    for (size_t i = 0; i < walk->plan->count; i++) {
        const struct ipm_plan_case *planned = &walk->plan->cases[i];
        struct ipm_case *row = ipm_report_add_case(walk->report);
        if (!row)
            return -ENOMEM;
        row->config = planned->config;
        row->primary = planned->primary;
        row->status = planned->skipped ? IPM_CASE_SKIPPED : IPM_CASE_OK;
        memcpy(row->reason, planned->reason, sizeof row->reason);
        walk->order[i] = i;
        walk->cases[i].active = !planned->skipped;
        active += !planned->skipped;
    }
    walk->total_trials = active * (IPM_CALIBRATE_CASE_TRIALS +
                                   walk->options->warmup_rounds + walk->options->rounds);
    return 0;
}

static void runner_conclude(struct ipm_run_state *walk, int failed) {
    struct ipm_report *report = walk->report;
    for (size_t i = 0; i < report->case_count; i++) {
        struct ipm_case *row = &report->cases[i];
        if (row->status != IPM_CASE_OK || row->trial_count > 0)
            continue;
        row->status = IPM_CASE_SKIPPED;
        (void)snprintf(row->reason, sizeof row->reason,
                       "the run %s before its first trial",
                       failed ? "failed" : "was interrupted");
    }
    report->run.status = walk->stopped ? IPM_RUN_INTERRUPTED : IPM_RUN_COMPLETE;
    report->run.elapsed_ns =
        walk->executor->now_ns(walk->executor->context) - walk->started_ns;
}

int ipm_runner_run(struct ipm_report *report, const struct ipm_options *options,
                   const struct ipm_plan *plan, const struct ipm_executor *executor,
                   struct ipm_err *err) {
    struct ipm_run_state walk = {.report = report,
                                 .options = options,
                                 .plan = plan,
                                 .executor = executor,
                                 .cases = calloc(plan->count + 1, sizeof *walk.cases),
                                 .order = calloc(plan->count + 1, sizeof *walk.order),
                                 .random = options->seed,
                                 .started_ns = executor->now_ns(executor->context)};
    report->references.sizes = options->message_bytes;
    int failed = walk.cases && walk.order ? runner_add_rows(&walk) : -ENOMEM;
    if (!failed)
        failed = runner_all(&walk);
    runner_conclude(&walk, failed);
    free(walk.cases);
    free(walk.order);
    if (!failed)
        failed = ipm_report_summarize(report);
    return failed ? ipm_err_sys(err, failed, "the run cannot go on") : 0;
}
