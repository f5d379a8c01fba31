/* comparison.h - the result of comparing two measurements. Plain data; comparison.c owns
 * the arrays.
 *
 * Ratios are NEW/BASE. Unknown is NaN for a double, "" for text. */
#ifndef IPM_MODEL_COMPARE_COMPARISON_H
#define IPM_MODEL_COMPARE_COMPARISON_H

#include "model/metric.h"
#include "model/report/reference.h"
#include "model/report/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IPM_SIDE_NAME_BYTES = 256, IPM_DIFFERENCE_BYTES = 320 };

enum ipm_arm { IPM_ARM_BASE, IPM_ARM_NEW, IPM_ARMS };

enum ipm_verdict {
    IPM_VERDICT_REGRESSED,
    IPM_VERDICT_IMPROVED,
    IPM_VERDICT_SAME,         /* the whole interval is within the threshold */
    IPM_VERDICT_UNDECIDED,    /* the trials do not show which of these it is */
    IPM_VERDICT_INSUFFICIENT, /* too few trials or blocks */
    IPM_VERDICT_CONTENDED,    /* too few uncontended trials: contention.h */
    IPM_VERDICT_SATURATED, /* no side kept its rate: latencies tell the length of the window */
    IPM_VERDICT_MACHINE, /* the new run differs from itself as it does from the base */
    IPM_VERDICTS,
};

enum {
    /* Below: insufficient. The least p-value of 10 blocks is 1/1024, that of two times 7
     * trials 1/3432. */
    IPM_VERDICT_BLOCKS_LEAST = 10,
    IPM_VERDICT_TRIALS_LEAST = 7,
    IPM_VERDICT_SEEDS_LEAST = 3,  /* where the clock counts instructions */
    IPM_VERDICT_MORE_MOST = 1000, /* a larger number of rounds is not reasonable */
};

/* A run of the comparison: of a file, or of one side of `ipcmark ab`. */
struct ipm_compared_run {
    enum ipm_arm side;
    char name[IPM_SIDE_NAME_BYTES]; /* the file, or the command */
    char version[IPM_NAME_BYTES];
    char commit[IPM_TEXT_BYTES];
    char hostname[IPM_TEXT_BYTES];
    char kernel[IPM_TEXT_BYTES];
    char started_at[IPM_NAME_BYTES];
    struct ipm_labels labels;
};

/* A property that differs between the sides and may explain different results. */
struct ipm_difference {
    const char *what; /* "kernel" */
    char sides[IPM_ARMS][IPM_DIFFERENCE_BYTES];
};

/* The result of a second measurement of a change, which `ipcmark ab` makes. */
enum ipm_confirmation {
    IPM_CONFIRMATION_NONE, /* there was none */
    IPM_CONFIRMATION_YES,
    IPM_CONFIRMATION_NO, /* it did not confirm the change: the verdict is undecided */
};

/* One metric of one case. */
struct ipm_compared {
    char name[IPM_CASE_NAME_BYTES];
    size_t case_index; /* in the cases of the comparison */
    const struct ipm_metric *metric;
    enum ipm_verdict verdict;
    struct ipm_statistic sides[IPM_ARMS]; /* as measured */
    size_t contended[IPM_ARMS]; /* trials that were left out; if paired, blocks */
    bool calm;                  /* slowed trials were left out, too: judge.h */
    size_t slowed[IPM_ARMS];    /* so many */
    double ratio; /* this and the next two are divided by the reference, if any */
    double ratio_low;
    double ratio_high;
    enum ipm_reference reference;
    double drift;     /* how much values change without a cause: 0.03 is 3 % */
    double threshold; /* the limit: the requested threshold, widened by drift */
    bool by_runs;     /* the runs of BASE say how much runs differ: judge.h */
    bool fast_end;    /* the value of a run is that of its fast trials: runs.c */
    double
        base_spread; /* between them: a standard deviation, 0.01 is 1 %; NaN unless by_runs */
    double p_regressed;
    double p_improved;
    bool gated;     /* a regression fails the comparison; else the result is only shown */
    bool saturated; /* both sides are saturated, and the metric tells nothing then */
    bool suspect;   /* to be measured again */
    enum ipm_confirmation confirmation;
    uint64_t rounds_more; /* that would decide it if undecided; 0: no reasonable number */
};

/* Why a case has no results. */
enum ipm_unmatched_state {
    IPM_UNMATCHED_NOT_IN_BASE,
    IPM_UNMATCHED_NOT_IN_NEW,
    IPM_UNMATCHED_FAILED,  /* in NEW */
    IPM_UNMATCHED_SKIPPED, /* on both sides */
    IPM_UNMATCHED_STATES,
};

struct ipm_unmatched {
    char name[IPM_CASE_NAME_BYTES];
    size_t case_index;
    enum ipm_unmatched_state state;
    char reason[IPM_REASON_BYTES]; /* or "" */
};

/* The overall result. */
enum ipm_gate {
    IPM_GATE_PASSED,
    IPM_GATE_OPEN,      /* nothing that is gated regressed, but some of it is undecided */
    IPM_GATE_FAILED,    /* a regression, or a missing or broken case */
    IPM_GATE_UNDECIDED, /* nothing in common, or too little data */
    IPM_GATES,
};

struct ipm_comparison {
    struct ipm_tool tool; /* the program that compared */
    bool paired;          /* in blocks, by `ipcmark ab`; else two or more runs */
    bool history; /* BASE is one: fewer than five runs do not tell how runs differ */
    char started_at[IPM_NAME_BYTES];
    enum ipm_clock clock; /* of both sides */
    double threshold;     /* 0.05 is 5 %; NaN before: the default of the clock */
    double alpha;
    bool allow_missing;
    uint64_t seed; /* of the order of blocks; 0: none */
    enum ipm_gate gate;
    char error[IPM_REASON_BYTES]; /* why the comparison failed, or "" */
    size_t run_count;
    struct ipm_compared_run *runs;
    size_t difference_count;
    struct ipm_difference *differences;
    size_t case_count;
    struct ipm_case_config *cases;
    size_t result_count;
    struct ipm_compared *results; /* worst first */
    size_t unmatched_count;
    struct ipm_unmatched *unmatched;
};

void ipm_comparison_done(struct ipm_comparison *comparison);

/* Sorts the results, worst first, and sets the gate. */
void ipm_comparison_settle(struct ipm_comparison *comparison);

size_t ipm_comparison_count(const struct ipm_comparison *comparison,
                            enum ipm_verdict verdict);
/* Of the gated results, or of all. */
size_t ipm_comparison_count_gated(const struct ipm_comparison *comparison,
                                  enum ipm_verdict verdict);
size_t ipm_comparison_count_unmatched(const struct ipm_comparison *comparison,
                                      enum ipm_unmatched_state state);

/* Returns the change in logarithms: above 0 is worse, below 0 is better; NaN unknown. */
double ipm_compared_worse(const struct ipm_compared *compared);

/* Whether a time or rate is not judged, because the history is too short. */
bool ipm_compared_lacks_history(const struct ipm_comparison *comparison,
                                const struct ipm_compared *compared);

/* Whether a ratio is beyond the threshold in that direction. The limits 1 + t and 1/(1 + t)
 * are equivalent. */
bool ipm_verdict_is_beyond(double ratio, bool upwards, double threshold);

/* Returns how many blocks, or trials of each side, are enough for a verdict. */
size_t ipm_verdict_least(bool paired);

/* Returns the same for a comparison, in which it may be seeds. */
size_t ipm_comparison_least(const struct ipm_comparison *comparison);

/* exact.c: whether the seeds of a side differ so much that the case has several states. Where
 * the clock counts instructions. */
bool ipm_compared_is_unstable(const struct ipm_compared *compared);

/* The words of the report by value, NULL at the end: "regressed", "passed", "not_in_base". */
extern const char *const ipm_verdict_words[];
extern const char *const ipm_gate_words[];
extern const char *const ipm_unmatched_words[];

#endif
