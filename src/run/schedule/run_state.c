/* run_state.c - runs one trial of a case of the plan and records the result. */
#include "run/schedule/run_state.h"

#include "base/err.h"
#include "model/report/contention.h"
#include "run/framings/framing.h"
#include "run/io/io.h"
#include "run/patterns/pattern.h"
#include "run/servers/server.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { RUN_STATE_REPEATS = 3, RUN_STATE_SLACK_NS = 100000000 };

void ipm_run_state_expect_stage(struct ipm_run_state *state) {
    state->total_trials += IPM_RUN_STATE_CALIBRATION + state->options->warmup_rounds +
                           state->options->rounds;
}

int ipm_run_state_add_row(struct ipm_run_state *state, size_t index) {
    const struct ipm_plan_case *planned = &state->plan->cases[index];
    struct ipm_case *row = ipm_report_add_case(state->report);
    if (!row)
        return -ENOMEM;
    row->config = planned->config;
    row->primary = planned->primary;
    for (size_t role = 0; role < IPM_ROLES; role++)
        (void)snprintf(row->ends[role], sizeof row->ends[role], "%s",
                       planned->ends[role]);
    row->status = planned->skipped ? IPM_CASE_SKIPPED : IPM_CASE_OK;
    memcpy(row->reason, planned->reason, sizeof row->reason);
    state->order[index] = index;
    state->cases[index] =
        (struct ipm_run_state_case){.origin = index, .active = !planned->skipped};
    if (!planned->skipped)
        ipm_run_state_expect_stage(state);
    return 0;
}

struct ipm_trial_config ipm_run_state_config(const struct ipm_run_state *state,
                                             size_t index, uint64_t messages) {
    const struct ipm_plan_case *planned = &state->plan->cases[index];
    const struct ipm_case_config *settings = &planned->config;
    const struct ipm_names *counters = &state->options->counters;
    unsigned set = 0;
    for (size_t i = 0; i < counters->count; i++)
        set |= ipm_counter_set(counters->items[i]);
    return (struct ipm_trial_config){.settings = settings,
                                     .transport = planned->transport,
                                     .pattern = ipm_pattern_find(settings->pattern),
                                     .framing = ipm_framing_find(settings->framing),
                                     .io = ipm_io_find(settings->io),
                                     .server = ipm_server_find(settings->server),
                                     .messages = messages,
                                     .seed = state->options->seed,
                                     .counters = set,
                                     .timeout_ns = state->options->timeout_ns};
}

void ipm_run_state_notify(const struct ipm_run_state *state, enum ipm_event_kind kind,
                          size_t index, const struct ipm_sample *trial) {
    const struct ipm_event event = {.kind = kind, .case_index = index, .trial = trial};
    if (state->executor->event)
        state->executor->event(state->executor->context, state->report, &event);
}

/* No call of a trial needs rights: one that is not permitted is forbidden on this machine. */
void ipm_run_state_fail(struct ipm_run_state *state, size_t index,
                        const struct ipm_err *err) {
    struct ipm_case *row = &state->report->cases[index];
    struct ipm_err told = *err;
    if (told.code == -EPERM)
        ipm_err_limit(&told, "%s", IPM_ERR_FORBIDDEN);
    row->status =
        told.is_limit && row->trial_count == 0 ? IPM_CASE_SKIPPED : IPM_CASE_FAILED;
    state->cases[index].active = false;
    ipm_err_reason(&told, row->reason, sizeof row->reason);
    ipm_run_state_notify(state, IPM_EVENT_TRIAL, index, NULL);
}

/* Estimates the time left: a timed trial takes as long as those before it; before the
 * first one, as long as requested. */
static uint64_t run_state_left_ns(const struct ipm_run_state *state) {
    uint64_t each_ns = state->timed_trials ? state->timed_ns / state->timed_trials
                                           : state->options->duration_ns;
    return (state->total_trials - state->done_trials) * each_ns;
}

static void run_state_show(struct ipm_run_state *state, size_t index, const char *phase) {
    const struct ipm_executor *executor = state->executor;
    if (!executor->progress)
        return;
    if (state->done_trials > state->total_trials)
        state->done_trials = state->total_trials;
    struct ipm_progress progress = {.phase = phase,
                                    .case_name = state->report->cases[index].config.name,
                                    .done_trials = state->done_trials,
                                    .total_trials = state->total_trials,
                                    .elapsed_ns = executor->now_ns(executor->context) -
                                                  state->started_ns,
                                    .left_ns = run_state_left_ns(state)};
    executor->progress(executor->context, &progress);
}

uint64_t ipm_run_state_pauses(const struct ipm_run_state *state) {
    const struct ipm_executor *executor = state->executor;
    return executor->pauses ? executor->pauses(executor->context) : 0;
}

/* CPU time of both ends, as far as it is known. */
static uint64_t run_state_cpu_ns(const struct ipm_sample *sample) {
    uint64_t sum_ns = 0;
    for (int role = 0; role < IPM_ROLES; role++) {
        const struct ipm_usage *usage = &sample->usage[role];
        sum_ns += usage->user_ns > 0 ? (uint64_t)usage->user_ns : 0;
        sum_ns += usage->system_ns > 0 ? (uint64_t)usage->system_ns : 0;
    }
    return sum_ns;
}

/* Whether the trial took so much longer than the calibration predicts that the machine
 * or its container was probably paused, which leaves no other trace than CPUs
 * that did little. A slow trial uses CPU time, and is accepted, because selecting trials
 * by their results is wrong; so is a machine that is slow all the time. */
static bool run_state_is_doubtful(struct ipm_run_state *state, size_t index,
                                  const struct ipm_trial_config *config,
                                  const struct ipm_sample *sample) {
    struct ipm_run_state_case *mine = &state->cases[index];
    return mine->expected_ns > 0 && config->messages == mine->messages &&
           sample->elapsed_ns / 2 > mine->expected_ns + RUN_STATE_SLACK_NS / 2 &&
           run_state_cpu_ns(sample) < sample->elapsed_ns / 2 &&
           mine->doubts++ < RUN_STATE_REPEATS;
}

/* --- the CPU time that was withheld from a trial: readings around it, as files of proc(5)
 * have no place in its window ------------------------------------------------------------ */

struct withheld {
    struct ipm_throttle throttle;
    struct ipm_cpu_steal steal;
};

static void withheld_read(struct withheld *withheld,
                          const struct ipm_executor *executor) {
    memset(withheld, -1, sizeof *withheld);
    if (executor->throttle)
        withheld->throttle = executor->throttle(executor->context);
    if (executor->steal)
        executor->steal(executor->context, &withheld->steal);
}

static int64_t withheld_less(int64_t before, int64_t after) {
    return before < 0 || after < before ? -1 : after - before;
}

/* Adds up over the CPUs that the ends were on when the window opened and closed. */
static int64_t withheld_steal_ns(const struct withheld *before,
                                 const struct withheld *after,
                                 const struct ipm_sample *sample) {
    const struct ipm_usage *usage = sample->usage;
    const int64_t seen[] = {usage[IPM_SENDER].first_cpu, usage[IPM_SENDER].last_cpu,
                            usage[IPM_RECEIVER].first_cpu, usage[IPM_RECEIVER].last_cpu};
    int64_t sum_ns = 0;
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || seen[k] == seen[i];
        if (seen[i] < 0 || seen[i] >= IPM_CPUS_MOST)
            return -1;
        const int64_t ns =
            withheld_less(before->steal.ns[seen[i]], after->steal.ns[seen[i]]);
        if (ns < 0)
            return -1;
        sum_ns += again ? 0 : ns;
    }
    return sum_ns;
}

/* Fills steal_ns, throttled_ns and contended of a trial between the two readings. */
static void withheld_tell(const struct withheld *before, const struct withheld *after,
                          const struct ipm_case_config *config,
                          struct ipm_sample *sample) {
    sample->steal_ns = withheld_steal_ns(before, after, sample);
    sample->throttled_ns = withheld_less(before->throttle.ns, after->throttle.ns);
    sample->contended = ipm_contention_judge(config, sample);
}

/* Runs the trial, and again where it was paused or interrupted by a signal that is not
 * the user's. */
static int run_state_try(struct ipm_run_state *state, size_t index,
                         const struct ipm_trial_config *config,
                         struct ipm_sample *ret_sample, struct ipm_trial_facts *ret_facts,
                         struct ipm_err *err) {
    static struct withheld before; /* too large for a small stack */
    static struct withheld after;
    const struct ipm_executor *executor = state->executor;
    for (unsigned repeats = 0;; repeats++) {
        const uint64_t pauses = ipm_run_state_pauses(state);
        *ret_sample = (struct ipm_sample){0};
        *err = (struct ipm_err){0};
        withheld_read(&before, executor);
        const int failed =
            executor->trial(executor->context, config, ret_sample, ret_facts, err);
        withheld_read(&after, executor);
        withheld_tell(&before, &after, config->settings, ret_sample);
        ret_sample->stopped |= ipm_run_state_pauses(state) != pauses;
        state->stopped = state->stopped || executor->stopped(executor->context) != 0;
        const bool again =
            ret_sample->stopped || failed == -EINTR ||
            (!failed && run_state_is_doubtful(state, index, config, ret_sample));
        if (!again || state->stopped || repeats == RUN_STATE_REPEATS)
            return failed;
        ipm_sample_done(ret_sample);
        state->report->cases[index].repeated_trials++;
    }
}

/* Keeps the facts of the last trial, and a notice of an earlier one. */
static int run_state_keep(struct ipm_fact_list *kept, struct ipm_facts *seen) {
    const struct ipm_fact *notice = ipm_fact_list_find(kept, "notice");
    if (notice && !ipm_facts_find(seen, "notice"))
        ipm_facts_text(seen, "notice", notice->text);
    ipm_facts_check(seen);
    return ipm_fact_list_set(kept, seen);
}

static int run_state_keep_all(struct ipm_case *row, struct ipm_trial_facts *seen) {
    int failed = 0;
    for (int role = 0; role < IPM_ROLES && !failed; role++) {
        failed = run_state_keep(&row->endpoint[role], &seen->endpoint[role]);
        if (!failed)
            failed = run_state_keep(&row->settings[role], &seen->settings[role]);
    }
    return failed;
}

bool ipm_run_state_trial(struct ipm_run_state *state, size_t index, const char *phase,
                         const struct ipm_trial_config *config,
                         struct ipm_sample *ret_sample) {
    struct ipm_case *row = &state->report->cases[index];
    struct ipm_trial_facts facts = {.endpoint = {{0}}};
    struct ipm_err err;
    run_state_show(state, index, phase);
    int failed = run_state_try(state, index, config, ret_sample, &facts, &err);
    state->done_trials++;
    const uint64_t messages = config->messages * config->settings->clients;
    if (failed == -ETIMEDOUT && strcmp(phase, "verifying") == 0)
        (void)ipm_err_wrap(&err, "the verified run of %" PRIu64 " message%s", messages,
                           messages == 1 ? "" : "s");
    if (!failed && !state->stopped && run_state_keep_all(row, &facts) != 0)
        failed = ipm_err_sys(&err, -ENOMEM, "cannot keep the settings of both ends");
    if (failed && !state->stopped)
        ipm_run_state_fail(state, index, &err);
    if (failed || state->stopped)
        ipm_sample_done(ret_sample);
    return !failed && !state->stopped;
}
