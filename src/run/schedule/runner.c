/* runner.c - runs the plan in interleaved rounds. Time comes from the executor only. */
#include "run/schedule/runner.h"

#include "base/err.h"
#include "base/random.h"
#include "model/compare/comparison.h"
#include "model/report/calm.h"
#include "model/report/contention.h"
#include "model/report/stats.h"
#include "run/patterns/pattern.h"
#include "run/schedule/calibrate.h"
#include "run/schedule/run_state.h"
#include "run/schedule/sweep.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { RUNNER_NULL_MESSAGES = 100000, RUNNER_NULL_BYTES = 64, RUNNER_TRIES = 4 };

static const uint64_t RUNNER_NULL_TIMEOUT_NS = 10000000000u;

static void runner_shuffle(struct ipm_run_state *state) {
    for (size_t i = state->plan->count; i > 1; i--) {
        size_t j = (size_t)(ipm_random_next(&state->random) % i);
        size_t kept = state->order[i - 1];
        state->order[i - 1] = state->order[j];
        state->order[j] = kept;
    }
}

/* Measures the null transport with the same trial as every case. */
static double runner_null_ns(struct ipm_run_state *state) {
    static const struct ipm_case_config settings = {.message_bytes = RUNNER_NULL_BYTES,
                                                    .recv_bytes = RUNNER_NULL_BYTES,
                                                    .clients = 1,
                                                    .pairs = 1,
                                                    .batch = 1,
                                                    .sender_cpu = -1,
                                                    .receiver_cpu = -1};
    const struct ipm_executor *executor = state->executor;
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
    const bool stopped = sample.stopped;
    ipm_sample_done(&sample);
    return stopped ? NAN : each_ns;
}

/* Whether a case of that size is run. One that is skipped may need more memory than there is, and
 * so would its copy. */
static bool runner_has_size(const struct ipm_run_state *state, uint64_t bytes) {
    for (size_t i = 0; i < state->plan->count; i++)
        if (state->plan->cases[i].config.message_bytes == bytes &&
            !state->plan->cases[i].skipped)
            return true;
    return false;
}

static void runner_measure_references(struct ipm_run_state *state,
                                      struct ipm_reference_round *row) {
    const struct ipm_executor *executor = state->executor;
    const struct ipm_sizes *sizes = &state->report->references.sizes;
    for (size_t i = 0; i < sizes->count; i++)
        row->memcpy_bytes_per_second[i] =
            runner_has_size(state, sizes->items[i])
                ? executor->memcpy_rate(executor->context, sizes->items[i])
                : NAN;
    row->null_syscall_ns = executor->syscall_ns(executor->context);
    row->core_to_core_ns = executor->core_to_core_ns(executor->context);
    row->context_switch_ns = executor->context_switch_ns(executor->context);
    row->null_transport_ns_per_message = runner_null_ns(state);
}

static void runner_forget_references(struct ipm_reference_round *row) {
    for (size_t i = 0; i < IPM_LIST_MOST; i++)
        row->memcpy_bytes_per_second[i] = NAN;
    row->null_syscall_ns = NAN;
    row->core_to_core_ns = NAN;
    row->context_switch_ns = NAN;
    row->null_transport_ns_per_message = NAN;
}

/* Measures again if the program was stopped during the measurement. Values are unknown if it was
 * stopped each time. */
static int runner_references(struct ipm_run_state *state, uint64_t round) {
    struct ipm_reference_round *row =
        ipm_references_add_round(&state->report->references);
    bool undisturbed = false;
    if (!row)
        return -ENOMEM;
    row->round = round;
    for (int i = 0; i < RUNNER_TRIES && !undisturbed; i++) {
        const uint64_t pauses = ipm_run_state_pauses(state);
        runner_measure_references(state, row);
        undisturbed = ipm_run_state_pauses(state) == pauses;
    }
    if (!undisturbed)
        runner_forget_references(row);
    return 0;
}

static void runner_warm_up(struct ipm_run_state *state, size_t index) {
    struct ipm_run_state_case *mine = &state->cases[index];
    struct ipm_trial_config config = ipm_run_state_config(state, index, mine->messages);
    struct ipm_sample sample;
    if (!ipm_run_state_trial(state, index, "warming up", &config, &sample))
        return;
    const struct ipm_calibration now = {mine->messages, sample.elapsed_ns};
    if (state->options->messages == 0)
        mine->messages = ipm_calibrate_case_messages(state, index, now.messages, &sample);
    mine->expected_ns = ipm_calibrate_expected(&now, mine->messages);
    ipm_sample_done(&sample);
}

static int runner_measure(struct ipm_run_state *state, size_t index, uint64_t round) {
    const struct ipm_executor *executor = state->executor;
    struct ipm_trial_config config =
        ipm_run_state_config(state, index, state->cases[index].messages);
    struct ipm_sample sample;
    uint64_t begin_ns = executor->now_ns(executor->context);
    if (!ipm_run_state_trial(state, index, "measuring", &config, &sample))
        return 0;
    state->timed_ns += executor->now_ns(executor->context) - begin_ns;
    state->timed_trials++;
    struct ipm_sample *kept = ipm_case_add_trial(&state->report->cases[index]);
    if (!kept) {
        ipm_sample_done(&sample);
        return -ENOMEM;
    }
    *kept = sample;
    kept->round = round;
    ipm_run_state_notify(state, IPM_EVENT_TRIAL, index, kept);
    return 0;
}

static void runner_warm_round(struct ipm_run_state *state) {
    runner_shuffle(state);
    for (size_t i = 0; i < state->plan->count && !state->stopped; i++)
        if (state->cases[state->order[i]].active)
            runner_warm_up(state, state->order[i]);
}

static int runner_round(struct ipm_run_state *state, uint64_t round) {
    int failed = runner_references(state, round);
    runner_shuffle(state);
    state->stopped = state->executor->stopped(state->executor->context) != 0;
    for (size_t i = 0; i < state->plan->count && !failed && !state->stopped; i++)
        if (state->cases[state->order[i]].active)
            failed = runner_measure(state, state->order[i], round);
    return failed;
}

static bool runner_is_active(const struct ipm_run_state *state) {
    bool active = false;
    for (size_t i = 0; i < state->plan->count; i++)
        active = active || state->cases[i].active;
    return active;
}

/* Returns whether fewer trials than requested are uncontended or, with both ends on one CPU, fewer
 * trials are calm than a comparison needs. */
static bool runner_is_disturbed(const struct ipm_case *c, uint64_t rounds,
                                double fastest_ns) {
    const size_t least = ipm_verdict_least(false);
    uint64_t uncontended = 0;
    size_t calm = 0;
    for (size_t i = 0; i < c->trial_count; i++) {
        uncontended += c->trials[i].contended != 1;
        calm += ipm_calm_is(&c->trials[i], fastest_ns);
    }
    return uncontended < rounds ||
           (ipm_settings_share_cpu(&c->config) && !isnan(fastest_ns) && rounds >= least &&
            calm < least);
}

static bool runner_is_narrow(double *values, size_t count, double ratio) {
    const struct ipm_statistic s = ipm_stats_of(values, count);
    return (s.ci95_high - s.ci95_low) / 2 <= ratio * s.median; /* false for NaN */
}

/* Returns whether half of the 95 % interval of the primary metric is at most `ratio` of the median:
 * over all trials, as the summary has it, and over uncontended trials, by which reports are compared.
 * With too few trials for an interval, the answer is false. */
static bool runner_is_precise(const struct ipm_report *report, const struct ipm_case *c,
                              double ratio) {
    const struct ipm_metric *metric = ipm_metric_primary(c);
    struct ipm_metric_scope scope = {.references = &report->references, .subject = c};
    double *values = calloc(2 * c->trial_count + 1, sizeof *values);
    if (!values)
        return false;
    double *uncontended = values + c->trial_count;
    size_t uncontended_count = 0;
    for (size_t i = 0; i < c->trial_count; i++) {
        scope.trial = &c->trials[i];
        values[i] = ipm_metric_of_trial(metric, &scope);
        if (!ipm_contention_spoils(metric, scope.trial))
            uncontended[uncontended_count++] = values[i];
    }
    const bool precise = runner_is_narrow(values, c->trial_count, ratio) &&
                         runner_is_narrow(uncontended, uncontended_count, ratio);
    free(values);
    return precise;
}

/* Deactivates the cases that are known precisely or, where no precision is requested, that have
 * enough undisturbed trials. Returns how many cases are still active. */
static uint64_t runner_deactivate_known(struct ipm_run_state *state) {
    const struct ipm_options *options = state->options;
    const double fastest_ns = ipm_calm_fastest_ns(state->report);
    uint64_t left = 0;
    for (size_t i = 0; i < state->plan->count; i++) {
        const struct ipm_case *c = &state->report->cases[i];
        const bool known =
            isnan(options->precision_ratio)
                ? !runner_is_disturbed(c, options->rounds, fastest_ns)
                : runner_is_precise(state->report, c, options->precision_ratio);
        state->cases[i].active = state->cases[i].active && !known;
        left += state->cases[i].active;
    }
    return left;
}

/* Adds rounds until all cases are known or the budget is over. */
static int runner_refine(struct ipm_run_state *state) {
    const struct ipm_options *options = state->options;
    const struct ipm_executor *executor = state->executor;
    const uint64_t until_ns = state->started_ns + options->budget_ns;
    int failed = 0;
    for (uint64_t i = options->rounds; i < IPM_ROUNDS_MOST && !failed; i++) {
        const uint64_t left = runner_deactivate_known(state);
        if (left == 0 || state->stopped ||
            executor->now_ns(executor->context) >= until_ns)
            break;
        state->total_trials += left;
        failed = runner_round(state, i);
    }
    return failed;
}

/* Verifies, calibrates and measures the active cases. */
static int runner_stage(struct ipm_run_state *state, uint64_t first_round) {
    const uint64_t end = first_round + state->options->rounds;
    int failed = 0;
    for (size_t i = 0; i < state->plan->count && !state->stopped; i++)
        if (state->cases[i].active)
            ipm_calibrate_case(state, i);
    for (uint64_t i = 0; i < state->options->warmup_rounds && !state->stopped; i++)
        runner_warm_round(state);
    for (uint64_t i = first_round; i < end && !failed; i++) {
        if (state->stopped || !runner_is_active(state))
            break;
        failed = runner_round(state, i);
    }
    return failed;
}

/* Tries more rates until the highest ones that hold the target are known, or the budget is
 * over. */
static int runner_sweep(struct ipm_run_state *state) {
    const struct ipm_executor *executor = state->executor;
    const uint64_t rounds = state->options->rounds;
    const uint64_t until_ns = state->started_ns + state->options->budget_ns;
    int failed = 0;
    for (uint64_t i = 1; i <= IPM_SWEEP_STEPS_MOST && !failed; i++) {
        if (state->stopped || executor->now_ns(executor->context) >= until_ns ||
            (i + 1) * rounds > IPM_ROUNDS_MOST)
            break;
        const int added = ipm_sweep_extend(state);
        if (added <= 0) {
            failed = added;
            break;
        }
        failed = runner_stage(state, i * rounds);
    }
    return failed ? failed : ipm_sweep_sort(state);
}

static int runner_all(struct ipm_run_state *state) {
    ipm_run_state_notify(state, IPM_EVENT_START, 0, NULL);
    const int failed = runner_stage(state, 0);
    if (failed)
        return failed;
    if (state->options->target[0] != '\0')
        return runner_sweep(state);
    return state->options->budget_ns == 0 ? 0 : runner_refine(state);
}

static struct ipm_throttle runner_throttle(const struct ipm_executor *executor) {
    return executor->throttle ? executor->throttle(executor->context)
                              : (struct ipm_throttle){-1, -1};
}

static struct ipm_cpu_ticks runner_ticks(const struct ipm_executor *executor) {
    return executor->ticks ? executor->ticks(executor->context)
                           : (struct ipm_cpu_ticks){-1, -1};
}

/* Records how much CPU time was withheld from the run. */
static void runner_conclude_host(const struct ipm_run_state *state) {
    struct ipm_host *host = &state->report->host;
    const struct ipm_throttle *before = &state->throttle;
    const struct ipm_throttle after = runner_throttle(state->executor);
    if (before->periods >= 0 && after.periods >= before->periods)
        host->cpu_throttled_periods = after.periods - before->periods;
    if (before->ns >= 0 && after.ns >= before->ns)
        host->cpu_throttled_ns = after.ns - before->ns;
    const struct ipm_cpu_ticks ticks = runner_ticks(state->executor);
    host->steal_ratio = ipm_activity_steal_ratio(&state->ticks, &ticks);
}

static void runner_conclude(struct ipm_run_state *state, int failed) {
    struct ipm_report *report = state->report;
    runner_conclude_host(state);
    for (size_t i = 0; i < report->case_count; i++) {
        struct ipm_case *row = &report->cases[i];
        if (row->status != IPM_CASE_OK || row->trial_count > 0)
            continue;
        row->status = IPM_CASE_SKIPPED;
        (void)snprintf(row->reason, sizeof row->reason,
                       "the run %s before its first trial",
                       failed ? "failed" : "was interrupted");
    }
    report->run.status = state->stopped ? IPM_RUN_INTERRUPTED : IPM_RUN_COMPLETE;
    report->run.elapsed_ns =
        state->executor->now_ns(state->executor->context) - state->started_ns;
}

/* A size is measured once, whatever responses it has. */
static void runner_add_sizes(struct ipm_sizes *sizes, const struct ipm_sizes *asked) {
    *sizes = (struct ipm_sizes){0};
    for (size_t i = 0; i < asked->count; i++) {
        size_t k = 0;
        while (k < sizes->count && sizes->items[k] != asked->items[i])
            k++;
        sizes->items[k] = asked->items[i];
        sizes->count += k == sizes->count;
    }
}

int ipm_runner_run(struct ipm_report *report, const struct ipm_options *options,
                   struct ipm_plan *plan, const struct ipm_executor *executor,
                   struct ipm_err *err) {
    struct ipm_run_state state = {.report = report,
                                  .options = options,
                                  .plan = plan,
                                  .executor = executor,
                                  .cases = calloc(plan->count + 1, sizeof *state.cases),
                                  .order = calloc(plan->count + 1, sizeof *state.order),
                                  .random = options->seed,
                                  .throttle = runner_throttle(executor),
                                  .ticks = runner_ticks(executor),
                                  .started_ns = executor->now_ns(executor->context)};
    runner_add_sizes(&report->references.sizes, &options->message_bytes);
    int failed = state.cases && state.order ? 0 : -ENOMEM;
    for (size_t i = 0; i < plan->count && !failed; i++)
        failed = ipm_run_state_add_row(&state, i);
    if (!failed)
        failed = runner_all(&state);
    runner_conclude(&state, failed);
    free(state.cases);
    free(state.order);
    if (!failed)
        failed = ipm_report_summarize(report);
    return failed ? ipm_err_sys(err, failed, "the run cannot go on") : 0;
}
