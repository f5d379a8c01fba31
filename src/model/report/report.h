/* report.h - a report: host, settings, results and warnings, as measured or read from a
 * file. Plain data; report.c owns the arrays.
 *
 * The unit is the last word of a name. Unknown is NaN for a double, -1 for a signed number,
 * "" for text. */
#ifndef IPM_MODEL_REPORT_REPORT_H
#define IPM_MODEL_REPORT_REPORT_H

#include "model/metric.h"
#include "model/options.h"
#include "model/report/arrange.h"
#include "model/report/crossover.h"
#include "model/report/fact_list.h"
#include "model/report/highest.h"
#include "model/report/label.h"
#include "model/report/sample.h"
#include "model/report/stats.h"
#include "model/report/warning.h"
#include "model/setting.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IPM_SCHEMA_VERSION = 1,
    IPM_REASON_BYTES = 656, /* holds an ipm_err's text and hint */
    IPM_MITIGATIONS_MOST = 40,
};

struct ipm_tool {
    char name[IPM_NAME_BYTES];
    char version[IPM_NAME_BYTES];
    char commit[IPM_TEXT_BYTES];
    char compiler[IPM_TEXT_BYTES];
    char build_type[IPM_NAME_BYTES];
};

enum ipm_run_status { IPM_RUN_COMPLETE, IPM_RUN_INTERRUPTED, IPM_RUN_FAILED };

/* The words of the report by value, NULL at the end. */
extern const char *const ipm_run_status_words[];

struct ipm_run_info {
    char started_at[IPM_NAME_BYTES]; /* RFC 3339 UTC */
    uint64_t elapsed_ns;
    enum ipm_run_status status;
    char **command; /* argv, owned by the report */
    size_t command_count;
    uint64_t seed;
    struct ipm_labels labels;
};

/* What a nanosecond of the report is: one of time, or, in the machine of `ipcmark count`, an
 * instruction. */
enum ipm_clock { IPM_CLOCK_MONOTONIC, IPM_CLOCK_INSTRUCTIONS };
extern const char *const ipm_clock_words[]; /* as ipm_run_status_words */

struct ipm_host {
    char hostname[IPM_TEXT_BYTES];
    char os[IPM_TEXT_BYTES]; /* PRETTY_NAME of os-release(5) */
    char kernel[IPM_TEXT_BYTES];
    char architecture[IPM_NAME_BYTES];
    char cpu_model[IPM_TEXT_BYTES];
    int64_t cpus_online;
    int64_t cpus_allowed;
    char cpuset[IPM_TEXT_BYTES];    /* "0-3,8": the CPUs of the control group */
    double cpu_quota_cpus;          /* of the control groups: 0.2 is 20 % of one CPU */
    int64_t cpu_quota_period_ns;    /* by which it is renewed; 0: there is no quota */
    int64_t cpu_throttled_periods;  /* in the run: the quota was used up */
    int64_t cpu_throttled_ns;       /* in the run: waits for the next period */
    int64_t cpu_weight;             /* of the control group, version 2 */
    int64_t cpu_shares;             /* of the control group, version 1 */
    char autogroup[IPM_NAME_BYTES]; /* "on", "off": kernel.sched_autogroup_enabled */
    char autogroup_nice[IPM_NAME_BYTES];
    char nice[IPM_NAME_BYTES]; /* of the process */
    int64_t memory_bytes;
    char virtualization[IPM_NAME_BYTES]; /* "none", "kvm", "kvm+container", ... */
    char governor[IPM_NAME_BYTES];       /* cpufreq's of the first allowed CPU */
    char turbo[IPM_NAME_BYTES];          /* "on", "off" */
    char smt[IPM_NAME_BYTES];            /* "on", "off", "notsupported", ... */
    size_t mitigation_count;
    struct ipm_named_text mitigations[IPM_MITIGATIONS_MOST];
    double load_1m;
    double runnable_tasks;     /* without this one; a mean of samples before the run */
    double cpu_pressure_ratio; /* of that time, in which a task waited for a CPU */
    double steal_ratio;        /* of the CPU time of the run, taken by the host */
    enum ipm_clock clock;
    char clocksource[IPM_NAME_BYTES];
    char congestion[IPM_NAME_BYTES]; /* the system's default for TCP */
    int64_t pipe_max_bytes;          /* limits: fs.pipe-max-size */
    int64_t so_sndbuf_max_bytes;     /* net.core.wmem_max */
    int64_t so_rcvbuf_max_bytes;     /* net.core.rmem_max */
    int64_t open_files_max;          /* RLIMIT_NOFILE, soft */
    int64_t processes_max;           /* RLIMIT_NPROC, soft; -1 also when unlimited */
};

/* One round of the reference measurements; memcpy by size as in ipm_references.sizes. */
struct ipm_reference_round {
    uint64_t round;
    double memcpy_bytes_per_second[IPM_LIST_MOST];
    double null_syscall_ns;
    double core_to_core_ns;   /* there and back */
    double context_switch_ns; /* with the two system calls that cause it */
    double null_transport_ns_per_message;
};

struct ipm_references {
    struct ipm_sizes sizes;
    size_t count;
    struct ipm_reference_round *rounds;
    struct ipm_statistic memcpy_bytes_per_second[IPM_LIST_MOST]; /* by size */
    struct ipm_statistic null_syscall_ns;
    struct ipm_statistic core_to_core_ns;
    struct ipm_statistic context_switch_ns;
    struct ipm_statistic null_transport_ns_per_message;
};

enum ipm_case_status { IPM_CASE_OK, IPM_CASE_FAILED, IPM_CASE_SKIPPED };
extern const char *const ipm_case_status_words[]; /* as ipm_run_status_words */

/* The integrity of the verified run before the first timed trial and of all trials. */
enum ipm_integrity_status {
    IPM_INTEGRITY_UNKNOWN, /* nothing was verified: null in the report */
    IPM_INTEGRITY_OK,
    IPM_INTEGRITY_LOSSY,
    IPM_INTEGRITY_CORRUPT,
};

struct ipm_integrity {
    uint64_t verified_messages;
    uint64_t verified_bytes;
    struct ipm_damage damage;
    enum ipm_integrity_status status;
};

/* The statistics over the timed trials of a case, which not every reader of a report needs. */
struct ipm_summary {
    struct ipm_statistic metrics[IPM_METRICS]; /* count 0: the case has no such value */
    struct ipm_latency latency;                /* of all trials, merged; count 0: none */
};

struct ipm_case {
    struct ipm_case_config config;
    enum ipm_case_status status;
    char reason[IPM_REASON_BYTES];        /* why failed or skipped */
    enum ipm_metric_id primary;           /* of its pattern */
    char ends[IPM_ROLES][IPM_NAME_BYTES]; /* what the pattern calls its two ends */
    struct ipm_fact_list endpoint[IPM_ROLES];
    struct ipm_fact_list settings[IPM_ROLES]; /* "effective" in the report */
    struct ipm_integrity integrity;
    uint64_t
        repeated_trials; /* dropped and run again: they were not running all the time */
    size_t trial_count;
    struct ipm_sample *trials;
    struct ipm_summary *summary;  /* by ipm_report_summarize; NULL before */
    struct ipm_arranged arranged; /* the same */
};

/* summary.c: returns the statistics of the case; before they are made, those of no trial. */
const struct ipm_summary *ipm_case_summary(const struct ipm_case *c);

/* Whether the case has an uncontended trial. */
static inline bool ipm_case_has_uncontended(const struct ipm_case *c) {
    for (size_t i = 0; i < c->trial_count; i++)
        if (c->trials[i].contended != 1)
            return true;
    return false;
}

/* Whether the case makes connections: it has no throughput to compare, and no contents. */
static inline bool ipm_case_connects(const struct ipm_case *c) {
    return c->primary == IPM_METRIC_CONNECTIONS ||
           c->primary == IPM_METRIC_CONNECTION_INSTRUCTIONS;
}

struct ipm_report {
    struct ipm_tool tool;
    struct ipm_run_info run;
    struct ipm_host host;
    struct ipm_options settings;
    struct ipm_references references;
    size_t case_count;
    struct ipm_case *cases;
    struct ipm_crossovers crossovers;      /* where they were asked for */
    struct ipm_highest_list highest_rates; /* where there is a target */
    struct ipm_warnings warnings;
    double fastest_call_ns;       /* calm.h; kept, as it is asked for of every case */
    char error[IPM_REASON_BYTES]; /* why the run failed, or "" */
};

/* What happens in a run, in the order in which it happens. */
enum ipm_event_kind {
    IPM_EVENT_START, /* the rows of the report are there, nothing is measured */
    IPM_EVENT_TRIAL, /* a timed trial is over; or a case has failed */
    IPM_EVENT_CASE,  /* a case is summarised */
    IPM_EVENT_END,   /* the report is finished */
};

struct ipm_event {
    enum ipm_event_kind kind;
    size_t case_index;              /* of a trial and of a case */
    const struct ipm_sample *trial; /* NULL: none came of it, the case has the reason */
};

/* Initialises a report: everything unknown, no cases, status complete. */
void ipm_report_init(struct ipm_report *report);

/* Frees the arrays; safe on a zeroed report. */
void ipm_report_done(struct ipm_report *report);

/* Each adds a zeroed element and returns it, or NULL (no memory). */
struct ipm_case *ipm_report_add_case(struct ipm_report *report);
struct ipm_sample *ipm_case_add_trial(struct ipm_case *c);
struct ipm_reference_round *ipm_references_add_round(struct ipm_references *references);

/* Returns the trial of that round, or NULL. */
const struct ipm_sample *ipm_case_find_trial(const struct ipm_case *c, uint64_t round);

/* Copies argv into report->run.command. Returns 0 or -ENOMEM. */
int ipm_report_set_command(struct ipm_report *report, int argc, char **argv);

/* summarize.c: fills statistics, integrity states and warnings from the trials. Returns 0
 * or -ENOMEM. A second call changes nothing. */
int ipm_report_summarize(struct ipm_report *report);

#endif
