/* run_state.h - what the phases of a run share: private to
 * schedule/runner.c and schedule/calibrate_case.c. */
#ifndef IPM_RUN_SCHEDULE_RUN_STATE_H
#define IPM_RUN_SCHEDULE_RUN_STATE_H

#include "run/schedule/runner.h"

#include <stdbool.h>
#include <stdint.h>

struct ipm_run_state_case {
    uint64_t messages;    /* of one trial */
    uint64_t expected_ns; /* that such a trial takes; 0: unknown */
    unsigned doubts;      /* trials that took much longer */
    bool active;          /* neither skipped nor failed */
};

struct ipm_run_state {
    struct ipm_report *report;
    const struct ipm_options *options;
    const struct ipm_plan *plan;
    const struct ipm_executor *executor;
    struct ipm_run_state_case *cases; /* in the order of the plan and of report->cases */
    size_t *order;                    /* shuffled every round */
    uint64_t random;                  /* state of the shuffle */
    uint64_t started_ns;
    uint64_t done_trials;
    uint64_t total_trials;
    uint64_t timed_ns; /* what timed trials have taken in all */
    uint64_t timed_trials;
    bool stopped;
    struct ipm_throttle throttle; /* at the start */
};

/* The trial that the plan's case asks for. */
struct ipm_trial_config ipm_run_state_config(const struct ipm_run_state *state,
                                             size_t index, uint64_t messages);

/* The executor's pauses, or 0. */
uint64_t ipm_run_state_pauses(const struct ipm_run_state *state);

/* Runs one trial of a case, and again, a few times at most, when the program or the machine was
 * stopped meanwhile. On failure the case is a failed row with its reason, or, when
 * the user stops the run, state->stopped is set. Returns whether there is a sample, which
 * is then the caller's to give on or to free. */
bool ipm_run_state_trial(struct ipm_run_state *state, size_t index, const char *phase,
                         const struct ipm_trial_config *config,
                         struct ipm_sample *ret_sample);

/* The case is a failed row from now on. */
void ipm_run_state_fail(struct ipm_run_state *state, size_t index,
                        const struct ipm_err *err);

/* Passes an event to the executor, if it wants events; trial is NULL where there is none. */
void ipm_run_state_notify(const struct ipm_run_state *state, enum ipm_event_kind kind,
                          size_t index, const struct ipm_sample *trial);

#endif
