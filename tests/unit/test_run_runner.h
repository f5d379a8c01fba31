/* test_run_runner.h - whole runs without time: the executor is made up. */
#ifndef IPM_TEST_RUN_RUNNER_H
#define IPM_TEST_RUN_RUNNER_H

#include "model/plan/plan.h"
#include "run/schedule/runner.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOG_MOST = 4000 };

struct made_up {
    uint64_t now_ns;
    size_t trials;
    const char *log[LOG_MOST]; /* transport of each trial, in order */
    uint64_t messages[LOG_MOST];
    const char
        *wobbles; /* transport of which one trial of so many takes 1.2 times as long: */
    size_t wobbles_every;
    size_t wobbled;
    const char *fails;    /* transport whose trials fail */
    size_t fails_from;    /* from this trial on */
    bool meets_limit;     /* of this machine, when it fails */
    const char *corrupts; /* transport whose verified run is damaged */
    const char *loses;    /* transport whose verified run loses a message */
    size_t stop_after;    /* trials; 0: never */
    uint64_t waits_ns;    /* no trial is shorter */
    size_t
        pauses_at; /* the program is stopped in this trial and the next ones; 0: never */
    size_t pauses_most; /* trials */
    size_t pauses;
    bool pauses_child;    /* only the child is: the sample says so */
    uint64_t pause_ns;    /* these trials take longer */
    bool pauses_work;     /* and use CPU time in it */
    const char *contends; /* transport of whose timed trials others take CPU time */
    size_t contends_most; /* trials */
    const char *slows;    /* transport of which three trials of four are slowed */
    size_t slowed;
    size_t contended;
    uint64_t knee_per_second; /* with a rate: a higher one has ten times the latency */
    uint64_t stalls_at;       /* with that rate the first timed trials stall; 0: none */
    size_t stalls_most;
    size_t stalled;
    size_t throttles;
    size_t ticks;
    size_t interrupts_at; /* a signal that is not the user's ends this trial; 0: none */
    uint64_t shown;
    size_t starts; /* events told of, by kind */
    size_t samples;
    size_t failures;
};

extern struct made_up world;
extern struct ipm_report report;
extern struct ipm_options options;
extern struct ipm_plan plan;
extern const char *absent; /* transport that this machine has not */

/* Before and after each test. */
void runner_begin(void);
void runner_end(void);

/* Runs the plan of the options into the report. */
void run_made_up(void);

#endif
