/* run_state.c - the rows, the counts and the events that the phases of a run share. run_trial.c runs
 * a trial. */
#include "run/schedule/run_state.h"

#include "base/err.h"
#include "run/framings/framing.h"
#include "run/io/io.h"
#include "run/patterns/pattern.h"
#include "run/servers/server.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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

/* No call of a trial needs privileges, so EPERM means that this machine forbids the call. */
void ipm_run_state_fail(struct ipm_run_state *state, size_t index,
                        const struct ipm_err *err) {
    struct ipm_case *row = &state->report->cases[index];
    struct ipm_err reported = *err;
    if (reported.code == -EPERM)
        ipm_err_limit(&reported, "%s", IPM_ERR_FORBIDDEN);
    row->status =
        reported.is_limit && row->trial_count == 0 ? IPM_CASE_SKIPPED : IPM_CASE_FAILED;
    state->cases[index].active = false;
    ipm_err_reason(&reported, row->reason, sizeof row->reason);
    ipm_run_state_notify(state, IPM_EVENT_TRIAL, index, NULL);
}

uint64_t ipm_run_state_pauses(const struct ipm_run_state *state) {
    const struct ipm_executor *executor = state->executor;
    return executor->pauses ? executor->pauses(executor->context) : 0;
}
