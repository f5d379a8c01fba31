/* runner.h - runs the plan: verified run, calibration, warm-up, then timed trials of
 * all cases, interleaved in rounds, in an order shuffled each round from the seed. */
#ifndef IPM_RUN_SCHEDULE_RUNNER_H
#define IPM_RUN_SCHEDULE_RUNNER_H

#include "model/plan/plan.h"
#include "model/report/report.h"
#include "run/host/activity.h"
#include "run/host/cgroup.h"
#include "run/trial/trial.h"

#include <stdint.h>

/* The progress of a run. */
struct ipm_progress {
    const char *phase;     /* "verifying", "calibrating", "warming up", "measuring" */
    const char *case_name; /* of the next trial */
    uint64_t done_trials;
    uint64_t total_trials; /* estimate; done never exceeds it */
    uint64_t elapsed_ns;
    uint64_t left_ns; /* estimate */
};

/* What the runner needs from the machine. The real executor measures; a test passes
 * its own and runs without time. */
struct ipm_executor {
    int (*trial)(void *context, const struct ipm_trial_config *config,
                 struct ipm_sample *ret_sample, struct ipm_trial_facts *ret_facts,
                 struct ipm_err *err);
    double (*memcpy_rate)(void *context, uint64_t bytes);
    double (*syscall_ns)(void *context);
    double (*core_to_core_ns)(void *context);
    double (*context_switch_ns)(void *context);
    int (*stopped)(void *context); /* non-zero: the user wants to stop */

    /* Returns a number that changes when the program was stopped (SIGSTOP) or the
     * machine suspended: trials meanwhile are repeated. NULL: never. */
    uint64_t (*pauses)(void *context);

    /* Returns how much the CPU quota has throttled the program so far. NULL: unknown. */
    struct ipm_throttle (*throttle)(void *context);

    /* Returns the CPU time of the machine so far. NULL: unknown. */
    struct ipm_cpu_ticks (*ticks)(void *context);

    /* Fills the time that the host took from each CPU so far. NULL: unknown. */
    void (*steal)(void *context, struct ipm_cpu_steal *ret_steal);
    uint64_t (*now_ns)(void *context);
    void (*progress)(void *context, const struct ipm_progress *progress);
    /* Called between trials, for the start and each timed trial, and may take its
     * time. The events of cases and of the end are made from the finished report. */
    void (*event)(void *context, const struct ipm_report *report,
                  const struct ipm_event *event);
    void *context;
};

/* The real executor, without progress and events. */
extern const struct ipm_executor ipm_executor_real;

/* Checks whether this machine can run the transport with that much buffering, 0 for
 * the default: probe, limit, and a link that is opened and closed. Returns 0 or a
 * negative errno. err must be zeroed before; it may hold a hint also after success
 * (transport.h). */
int ipm_runner_try(const struct ipm_transport *transport, size_t buffer_bytes,
                   size_t *ret_max_message_bytes, struct ipm_err *err);

/* Tries every transport of ipm_transports; fills probes in its order. */
void ipm_runner_probe(struct ipm_probe *probes, uint64_t buffer_bytes);

/* Runs the plan into report: cases, references, integrity, trials, summary. With a target it
 * adds cases at further rates to both (run/schedule/sweep.h). A case
 * that fails is a row with its reason, and the run continues. An interrupt ends the
 * run with status "interrupted" and whole trials only. Returns 0 or -ENOMEM. */
int ipm_runner_run(struct ipm_report *report, const struct ipm_options *options,
                   struct ipm_plan *plan, const struct ipm_executor *executor,
                   struct ipm_err *err);

#endif
