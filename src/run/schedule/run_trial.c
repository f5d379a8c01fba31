/* run_trial.c - runs one trial of a case of the plan, again where it was disturbed, and records the
 * result. */
#include "run/schedule/run_state.h"

#include "base/err.h"
#include "model/report/contention.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum { RUN_TRIAL_REPEATS = 3, RUN_TRIAL_SLACK_NS = 100000000 };

/* Estimates the time left. A trial is expected to take as long as the timed trials so far, or as
 * long as requested before the first of them. */
static uint64_t run_trial_left_ns(const struct ipm_run_state *state) {
    uint64_t each_ns = state->timed_trials ? state->timed_ns / state->timed_trials
                                           : state->options->duration_ns;
    return (state->total_trials - state->done_trials) * each_ns;
}

static void run_trial_show(struct ipm_run_state *state, size_t index, const char *phase) {
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
                                    .left_ns = run_trial_left_ns(state)};
    executor->progress(executor->context, &progress);
}

/* CPU time of both ends, as far as it is known. */
static uint64_t run_trial_cpu_ns(const struct ipm_sample *sample) {
    uint64_t sum_ns = 0;
    for (int role = 0; role < IPM_ROLES; role++) {
        const struct ipm_usage *usage = &sample->usage[role];
        sum_ns += usage->user_ns > 0 ? (uint64_t)usage->user_ns : 0;
        sum_ns += usage->system_ns > 0 ? (uint64_t)usage->system_ns : 0;
    }
    return sum_ns;
}

/* Returns whether the machine or its container was probably paused during the trial: it took much
 * longer than the calibration predicts, and the CPUs did little. A pause leaves no other trace. A slow
 * trial that used CPU time is accepted, because selecting trials by their results is wrong. A machine
 * that is slow all the time is accepted after RUN_TRIAL_REPEATS repetitions. */
static bool run_trial_is_doubtful(struct ipm_run_state *state, size_t index,
                                  const struct ipm_trial_config *config,
                                  const struct ipm_sample *sample) {
    struct ipm_run_state_case *mine = &state->cases[index];
    return mine->expected_ns > 0 && config->messages == mine->messages &&
           sample->elapsed_ns / 2 > mine->expected_ns + RUN_TRIAL_SLACK_NS / 2 &&
           run_trial_cpu_ns(sample) < sample->elapsed_ns / 2 &&
           mine->doubts++ < RUN_TRIAL_REPEATS;
}

/* --- the CPU time that was withheld from a trial ------------------------------------------
 *
 * It is read before and after the trial, because files of proc(5) must not be read in the window. */

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

/* Returns the sum over the CPUs on which the ends were when the window opened and closed. */
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

/* Runs the trial. Repeats it if it was paused, or interrupted by a signal that the user did not
 * send. */
static int run_trial_try(struct ipm_run_state *state, size_t index,
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
            (!failed && run_trial_is_doubtful(state, index, config, ret_sample));
        if (!again || state->stopped || repeats == RUN_TRIAL_REPEATS)
            return failed;
        ipm_sample_done(ret_sample);
        state->report->cases[index].repeated_trials++;
    }
}

/* Keeps the facts of the last trial, and a notice of an earlier one. */
static int run_trial_keep(struct ipm_fact_list *kept, struct ipm_facts *seen) {
    const struct ipm_fact *notice = ipm_fact_list_find(kept, "notice");
    if (notice && !ipm_facts_find(seen, "notice"))
        ipm_facts_text(seen, "notice", notice->text);
    ipm_facts_check(seen);
    return ipm_fact_list_set(kept, seen);
}

static int run_trial_keep_all(struct ipm_case *row, struct ipm_trial_facts *seen) {
    int failed = 0;
    for (int role = 0; role < IPM_ROLES && !failed; role++) {
        failed = run_trial_keep(&row->endpoint[role], &seen->endpoint[role]);
        if (!failed)
            failed = run_trial_keep(&row->settings[role], &seen->settings[role]);
    }
    return failed;
}

bool ipm_run_state_trial(struct ipm_run_state *state, size_t index, const char *phase,
                         const struct ipm_trial_config *config,
                         struct ipm_sample *ret_sample) {
    struct ipm_case *row = &state->report->cases[index];
    struct ipm_trial_facts facts = {.endpoint = {{0}}};
    struct ipm_err err;
    run_trial_show(state, index, phase);
    int failed = run_trial_try(state, index, config, ret_sample, &facts, &err);
    state->done_trials++;
    const uint64_t messages = config->messages * config->settings->clients;
    if (failed == -ETIMEDOUT && strcmp(phase, "verifying") == 0)
        (void)ipm_err_wrap(&err, "the verified run of %" PRIu64 " message%s", messages,
                           messages == 1 ? "" : "s");
    if (!failed && !state->stopped && run_trial_keep_all(row, &facts) != 0)
        failed = ipm_err_sys(&err, -ENOMEM, "cannot keep the settings of both ends");
    if (failed && !state->stopped)
        ipm_run_state_fail(state, index, &err);
    if (failed || state->stopped)
        ipm_sample_done(ret_sample);
    return !failed && !state->stopped;
}
