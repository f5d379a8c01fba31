/* run_state.h - the state that the phases of a run share. Private to src/run/schedule. */
#ifndef IPM_RUN_SCHEDULE_RUN_STATE_H
#define IPM_RUN_SCHEDULE_RUN_STATE_H

#include "run/schedule/runner.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    IPM_RUN_STATE_CALIBRATION = 5
}; /* trials before those of the rounds; an estimate */

struct ipm_run_state_case {
    uint64_t messages;    /* of one trial */
    uint64_t expected_ns; /* the time such a trial takes; 0: unknown */
    size_t origin;        /* the case whose rate it has changed; else itself */
    unsigned doubts;      /* repetitions of trials that took too long */
    unsigned stages;      /* of a sweep of rates, in which it was measured again */
    bool active;          /* neither skipped nor failed */
};

struct ipm_run_state {
    struct ipm_report *report;
    const struct ipm_options *options;
    struct ipm_plan *plan; /* a sweep of rates adds cases */
    const struct ipm_executor *executor;
    struct ipm_run_state_case *cases; /* in the order of the plan and of report->cases */
    size_t *order;                    /* shuffled every round */
    uint64_t random;                  /* state of the shuffle */
    uint64_t started_ns;
    uint64_t done_trials;
    uint64_t total_trials;
    uint64_t timed_ns; /* the sum over the timed trials */
    uint64_t timed_trials;
    bool stopped;
    struct ipm_throttle throttle; /* at the start */
    struct ipm_cpu_ticks ticks;   /* at the start */
};

/* Adds the row of the plan's case of that index to the report, before anything of it is
 * measured. Returns 0 or -ENOMEM. */
int ipm_run_state_add_row(struct ipm_run_state *state, size_t index);

/* Adds the trials of one case in one stage to those that are expected. */
void ipm_run_state_expect_stage(struct ipm_run_state *state);

/* Returns the configuration of a trial of the plan's case. */
struct ipm_trial_config ipm_run_state_config(const struct ipm_run_state *state,
                                             size_t index, uint64_t messages);

/* Returns the executor's count of pauses, or 0. */
uint64_t ipm_run_state_pauses(const struct ipm_run_state *state);

/* run_trial.c: runs one trial of a case, repeated a few times at most when the program or the
 * machine was paused. On failure the case becomes a failed row with its reason; when
 * the user stops the run, state->stopped is set. Returns whether there is a sample,
 * which the caller then owns. */
bool ipm_run_state_trial(struct ipm_run_state *state, size_t index, const char *phase,
                         const struct ipm_trial_config *config,
                         struct ipm_sample *ret_sample);

/* Makes the case a failed row. */
void ipm_run_state_fail(struct ipm_run_state *state, size_t index,
                        const struct ipm_err *err);

/* Passes an event to the executor, if it takes events; trial may be NULL. */
void ipm_run_state_notify(const struct ipm_run_state *state, enum ipm_event_kind kind,
                          size_t index, const struct ipm_sample *trial);

#endif
