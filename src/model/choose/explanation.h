/* explanation.h - where the time of a message goes in one case, and what changed it in the
 * same report. Plain data; explanation.c owns the array.
 *
 * One trial is explained, the median one, so that the parts of an end add up to its time.
 * What was not measured is NaN: unknown, and inside the rest. */
#ifndef IPM_MODEL_CHOOSE_EXPLANATION_H
#define IPM_MODEL_CHOOSE_EXPLANATION_H

#include "model/fit/fit.h"
#include "model/report/report.h"

#include <stddef.h>
#include <stdint.h>

struct ipm_transport;

/* Per event of the case, and of one end. The time of the end is the CPU time and the time
 * that it waits: for a CPU, for its peer, for a wake-up. */
struct ipm_explained_end {
    double calls;
    double calls_ns; /* calls x null system call; NaN: calls are no system calls */
    double copies;   /* of messages; NaN: unknown of this transport */
    double copies_ns;
    double switches;
    double switches_ns; /* switches x context switch; NaN: unknown */
    double rest_ns;     /* of the CPU time, beyond calls, copies and switches */
    double cpu_ns;
    double
        run_delay_ns; /* it could run and had no CPU; NaN: unknown, and inside wait_ns */
    double wait_ns;   /* NaN: several processes or threads */
};

/* Another case of the report, which differs in one setting and whose whole interval is
 * better. */
struct ipm_explained_change {
    const struct ipm_setting *setting;
    struct ipm_case_config config;
    double ratio; /* its primary metric to that of the explained case */
};

struct ipm_explanation {
    struct ipm_tool tool; /* the program that explained */
    struct ipm_case_config config;
    const char *event; /* "message", "round trip", "connection" */
    char ends[IPM_ROLES][IPM_NAME_BYTES];
    uint64_t round; /* of the trial */
    size_t trial_count;
    double event_ns;        /* elapsed time per event */
    double null_syscall_ns; /* in that round */
    double memcpy_ns;       /* of a message, in that round */
    double switch_ns;       /* a wake-up and a context switch, in that round */
    struct ipm_explained_end end[IPM_ROLES];
    struct ipm_fit fit; /* of the time over sizes */
    size_t change_count;
    struct ipm_explained_change *changes; /* best of each setting, largest first */
};

/* Explains a case that was measured. `find` finds a transport by its name, or returns NULL.
 * Returns 0 or -ENOMEM. Call ipm_explanation_done afterwards, also on error. */
int ipm_explanation_make(struct ipm_explanation *explanation,
                         const struct ipm_report *report, const struct ipm_case *c,
                         const struct ipm_transport *(*find)(const char *name));
void ipm_explanation_done(struct ipm_explanation *explanation);

#endif
