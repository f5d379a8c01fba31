/* judge.h - verdicts from trials. Pure arithmetic.
 *
 * Trials made at different times differ by noise, which more trials reduce, and by drift,
 * which they do not. Interval and test cover noise only, so a change must also exceed a
 * threshold that is widened by the visible drift: between the halves of each run, in this
 * case and in most others, between runs of BASE, and between the reference measurements.
 * Values are divided by a reference that changed as they did and is known in most trials;
 * the other trials are left out. So are the slowed trials of a case on one CPU, where the calm
 * ones (model/report/calm.h) are enough and leave less noise and drift.
 *
 * Trials in blocks (blocks.c) have no drift. Significance is not enough for them, either: a
 * verdict also needs a median beyond the threshold and an interval without "no change". */
#ifndef IPM_MODEL_COMPARE_JUDGE_H
#define IPM_MODEL_COMPARE_JUDGE_H

#include "model/compare/comparison.h"
#include "model/compare/rank.h"

#include <stddef.h>

/* A trial, in logarithms. */
struct ipm_compare_point {
    double value;
    double speed[IPM_REFERENCES]; /* of the machine in its round; NaN: unknown */
    size_t run;                   /* run of its side */
    double
        calm; /* of a calm trial, the speed of its run: model/report/calm.h; else NaN */
};

/* The values of a metric of a case on one side: the trials of all runs, in the order of
 * rounds. */
struct ipm_compare_series {
    size_t count;
    size_t contended;  /* trials that are left out */
    int saturated;     /* runs whose value tells nothing, less the others */
    uint64_t messages; /* that the trials sent */
    struct ipm_compare_point *points;
};

/* Adds the trials of run number `run` that have a value and that contention did not spoil.
 * Returns 0 or -ENOMEM. */
int ipm_compare_series_add(struct ipm_compare_series *series,
                           const struct ipm_report *report, const struct ipm_case *c,
                           const struct ipm_metric *metric, size_t run);
void ipm_compare_series_done(struct ipm_compare_series *series);

/* Fills all members but the verdict; the metric must be set. The probabilities are not
 * corrected. Returns 0 or -ENOMEM. */
int ipm_compare_measure(struct ipm_compared *compared,
                        const struct ipm_compare_series sides[IPM_ARMS], double threshold,
                        struct ipm_rank_cache *cache);

/* blocks.c: the same of blocks: run k of a side and run k of the other are one block, which
 * counts where both are known. */
int ipm_compare_measure_blocks(struct ipm_compared *compared,
                               const struct ipm_compare_series sides[IPM_ARMS],
                               size_t blocks, double threshold,
                               struct ipm_rank_cache *cache);

/* runs.c: the same where BASE is a history of at least five runs: how much these differ says how
 * much a run differs without a cause. */
bool ipm_compare_has_history(const struct ipm_compare_series *base);
int ipm_compare_measure_runs(struct ipm_compared *compared,
                             const struct ipm_compare_series sides[IPM_ARMS],
                             double threshold);

/* Returns what the speed of the machine does to the logarithm of the metric: rates are divided by
 * it, times are multiplied. */
double ipm_compare_sign(const struct ipm_metric *metric);

/* Whether the trial counts. With `calm`, only calm trials count. */
bool ipm_compare_counts(const struct ipm_compare_point *point, bool calm);

/* Fills the statistics of both sides as measured, by the trials that count. `scratch` has room for
 * the longer side. */
void ipm_compare_summarize(struct ipm_compared *compared,
                           const struct ipm_compare_series sides[IPM_ARMS],
                           double *scratch);

/* Widens the threshold to one event of each end in a trial, where the metric counts events. */
void ipm_compare_widen(struct ipm_compared *compared,
                       const struct ipm_compare_series sides[IPM_ARMS]);

/* exact.c: the same where the clock counts instructions: the interval is the range of the
 * seeds, and there are no probabilities. */
int ipm_compare_measure_exact(struct ipm_compared *compared,
                              const struct ipm_compare_series sides[IPM_ARMS],
                              double threshold);
void ipm_compare_decide_exact(struct ipm_compared *results, size_t count,
                              double threshold);

/* Sets all verdicts, with Holm's correction of the probabilities (rank.h). Returns 0 or
 * -ENOMEM. */
int ipm_compare_decide(struct ipm_compared *results, size_t count, double threshold,
                       double alpha, bool paired);

/* Of a longer list, this many evenly spread values are used, because the time grows with
 * the fourth power of the number. */
enum { IPM_SHIFT_MOST = 40 };

struct ipm_shift {
    double median; /* of all differences b - a (Hodges and Lehmann 1963) */
    double low;    /* 95 %; NaN where the lists are too short */
    double high;
    double p_up; /* one-sided rank-sum test: probability that b is above a by chance */
    double p_down;
};

/* NaN values are left out. All members are NaN when a list is empty. Returns 0 or -ENOMEM. */
int ipm_shift_of(struct ipm_shift *ret_shift, struct ipm_rank_cache *cache,
                 const double *a, size_t a_count, const double *b, size_t b_count);

#endif
