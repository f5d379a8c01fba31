/* metric.h - the table of metrics, which are computed for each trial and summarised for
 * each case. The JSON of the summary, Prometheus, CSV, the CI formats and the names of
 * `compare --metric` follow from its rows. A new metric is an enumerator here, and its row
 * and function in metric.c. */
#ifndef IPM_MODEL_METRIC_H
#define IPM_MODEL_METRIC_H

#include <stdbool.h>
#include <stddef.h>

struct ipm_case;
struct ipm_references;
struct ipm_sample;

/* In the order of the report. */
enum ipm_metric_id {
    IPM_METRIC_THROUGHPUT,
    IPM_METRIC_MESSAGES,
    IPM_METRIC_SENDER_CPU,
    IPM_METRIC_RECEIVER_CPU,
    IPM_METRIC_SENDER_WORK,
    IPM_METRIC_RECEIVER_WORK,
    IPM_METRIC_CPU_PER_BYTE,
    IPM_METRIC_CPUS_BUSY,
    IPM_METRIC_CALLS,
    IPM_METRIC_SWITCHES,
    IPM_METRIC_SETUP,
    IPM_METRIC_LOSS,
    IPM_METRIC_SENDER_RUN_DELAY,
    IPM_METRIC_RECEIVER_RUN_DELAY,
    IPM_METRIC_STEAL,
    IPM_METRIC_THROTTLED,
    IPM_METRIC_MEMCPY_RATIO,
    IPM_METRIC_PIPE_RATIO,
    IPM_METRIC_WIRE_OVERHEAD,
    IPM_METRIC_FRAMING_OVERHEAD,
    IPM_METRIC_ROUND_TRIPS,
    IPM_METRIC_CONNECTIONS,
    IPM_METRIC_MESSAGE_INSTRUCTIONS,
    IPM_METRIC_ROUND_TRIP_INSTRUCTIONS,
    IPM_METRIC_CONNECTION_INSTRUCTIONS,
    IPM_METRIC_FORWARD,
    IPM_METRIC_BACKWARD,
    IPM_METRIC_CLIENT,
    IPM_METRIC_FAIRNESS,
    IPM_METRIC_SCALING,
    IPM_METRIC_OFFERED,
    IPM_METRIC_ACHIEVED,
    IPM_METRIC_SEND_LAG,
    IPM_METRIC_SINCE_SENT_P50,
    IPM_METRIC_SINCE_SENT_P99,
#define COUNTER(word, ...)                                                               \
    IPM_METRIC_SENDER_USER_##word, IPM_METRIC_SENDER_KERNEL_##word,                      \
        IPM_METRIC_RECEIVER_USER_##word, IPM_METRIC_RECEIVER_KERNEL_##word,
#include "base/counters.def"
#undef COUNTER
    IPM_METRIC_LATENCY_P50,
    IPM_METRIC_LATENCY_P90,
    IPM_METRIC_LATENCY_P99,
    IPM_METRIC_LATENCY_P99_9,
    IPM_METRIC_LATENCY_P99_99,
    IPM_METRICS,
};

/* The input of a metric. */
struct ipm_metric_scope {
    const struct ipm_references *references;
    const struct ipm_case *subject;
    const struct ipm_sample *trial; /* one of the subject's */
    const struct ipm_case *pipe;    /* under the same conditions, or NULL */
    const struct ipm_case *one;     /* the same with one pair; NULL: none, or itself */
};

/* The effect of a machine that is twice as fast. */
enum ipm_metric_scaling {
    IPM_METRIC_RATE,  /* doubles it */
    IPM_METRIC_TIME,  /* halves it */
    IPM_METRIC_COUNT, /* leaves it unchanged */
};

typedef double ipm_metric_of(const struct ipm_metric_scope *scope);

struct ipm_metric {
    const char *key;  /* in the report; it names the unit: "latency_p99_ns" */
    const char *name; /* on the command line: "latency-p99"; NULL: not compared */
    const char *unit; /* for people: "messages/s" */
    const char *doc;  /* a sentence without its full stop */
    /* Of a primary metric, for a ratio: "unix MOVED 3 times AS MUCH as pipe". */
    const char *ratio_verb;
    const char *ratio_amount;
    bool more_is_better;
    bool gated; /* may fail a comparison with a history, as its noise on one CPU is low */
    bool watched;  /* tracked by CI formats, as the primary metric of a case always is */
    bool optional; /* some cases have no value: null in the summary */
    bool excludes_waits; /* it contains no wait for a CPU */
    bool relative;       /* to a reference measurement or to another case */
    bool events;         /* it counts events of both ends: a whole number in each trial */
    bool
        grows_with_window; /* in a saturated case, where it tells how long the window was */
    enum ipm_metric_scaling scaling;
    double least;    /* smaller values are compared as this one; 0 has no logarithm */
    double quantile; /* of the latencies, above 0; else `of`, or one of the following */
    size_t
        share_offset; /* in struct ipm_sample: an int64_t in ns, shown as a share of the window */
    const char *word;         /* of a quantile: "p50" */
    ipm_metric_of *of;        /* NaN: the trial has none */
    enum ipm_metric_id exact; /* of a primary metric: its replacement if the clock counts
                                 instructions; 0: none */
    bool counted; /* by --counters; `role` and `counter` say what is counted */
    int role;
    unsigned counter; /* in struct ipm_usage.counted */
};

/* By enum ipm_metric_id, IPM_METRICS of them. */
extern const struct ipm_metric ipm_metrics[];

/* Returns the metric of that name on the command line, or NULL. */
const struct ipm_metric *ipm_metric_find(const char *name);

/* A percentile of the latencies by the word that people type. Ends with an empty row. */
struct ipm_percentile {
    const char *word; /* "p99.9" */
    enum ipm_metric_id metric;
};
extern const struct ipm_percentile ipm_percentiles[];

/* Returns the word of a percentile of the latency, such as "p99.9", or the name of another metric;
 * NULL: it has none. */
const char *ipm_metric_word(const struct ipm_metric *metric);

/* Returns the metric of that percentile, or NULL. */
const struct ipm_metric *ipm_metric_find_percentile(const char *word);

/* Returns the metric of that key, or NULL. Quantiles are not found. */
const struct ipm_metric *ipm_metric_find_key(const char *key);

/* Returns the first of the metrics of a counter: sender in user space and in the kernel,
 * then the receiver. IPM_METRICS: no counter has that name. */
enum { IPM_METRICS_OF_COUNTER = 4 };
size_t ipm_metric_of_counter(const char *name);

/* Whether it is a rate of bytes, which is shown in MiB/s. */
bool ipm_metric_is_byte_rate(const struct ipm_metric *metric);

/* Returns the primary metric of the case, as its pattern declares. */
const struct ipm_metric *ipm_metric_primary(const struct ipm_case *c);

/* Returns the metric in place of a primary metric where the clock counts instructions; the
 * metric itself where there is none. */
enum ipm_metric_id ipm_metric_exact(enum ipm_metric_id primary);

/* Returns the value of one trial; NaN where it has none. */
double ipm_metric_of_trial(const struct ipm_metric *metric,
                           const struct ipm_metric_scope *scope);

/* Returns the same, but not less than the metric's least value. */
double ipm_metric_compared_value(const struct ipm_metric *metric,
                                 const struct ipm_metric_scope *scope);

/* Returns the statistic over the trials of an ok case, or NULL where it has no value or tells
 * nothing, as a latency of a saturated case. For a quantile, only median and count are known. */
const struct ipm_statistic *ipm_metric_of_case(const struct ipm_metric *metric,
                                               const struct ipm_case *c);

/* Whether CI formats report the metric for that case. */
bool ipm_metric_is_watched(const struct ipm_metric *metric, const struct ipm_case *c);

/* Whether a case kept up with its rate in most uncontended trials, or in most trials if all are
 * contended. */
enum ipm_load {
    IPM_LOAD_KEPT, /* or there is no rate */
    /* More than 5 % of what was offered was not achieved, because of waits that did not grow. */
    IPM_LOAD_STALLED,
    /* The rate is too high. More than 5 % was not achieved, and either messages were lost or the
     * latencies rose through the trial. Or more than 1 % was not achieved, and the latencies rose from
     * the first message to the last. */
    IPM_LOAD_SATURATED,
};

enum ipm_load ipm_metric_load(const struct ipm_case *c);

/* Whether latencies tell how long the window was. */
bool ipm_metric_is_saturated(const struct ipm_case *c);

/* Returns the fraction of an end's CPU time outside the kernel, 0 to 1, over all trials;
 * NaN when unknown. The kernel splits the time by clock tick (getrusage(2)), so only many
 * trials give a meaningful value. `role` is an enum ipm_role. */
double ipm_metric_user_ratio(const struct ipm_case *c, int role);

/* Which metrics of a case are compared. */
struct ipm_metric_choice {
    bool primary;
    bool
        quiet; /* also the gated metrics of cases on one CPU; primary metrics are only shown */
    bool chosen[IPM_METRICS];
};

bool ipm_metric_is_gated(const struct ipm_metric_choice *choice,
                         const struct ipm_metric *metric, const struct ipm_case *c);
bool ipm_metric_is_chosen(const struct ipm_metric_choice *choice,
                          const struct ipm_metric *metric, const struct ipm_case *c);

#endif
