/* comparison.h - what comparing two measurements found: all that a renderer of comparisons
 * sees. Plain data; comparison.c frees the arrays, which ipm_array_add grows.
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
    IPM_VERDICT_SAME,         /* the whole interval lies inside the threshold */
    IPM_VERDICT_UNDECIDED,    /* so many trials do not show which of these it is */
    IPM_VERDICT_INSUFFICIENT, /* too few trials, or blocks, to tell anything */
    IPM_VERDICTS,
};

enum {
    IPM_VERDICT_BLOCKS_LEAST = 10, /* below: insufficient */
    IPM_VERDICT_MORE_MOST = 1000,  /* more blocks or rounds are no reasonable number */
};

/* A run that was compared: of a file, or of one side of `ipcmark ab`. */
struct ipm_compared_run {
    enum ipm_arm side;
    char name[IPM_SIDE_NAME_BYTES]; /* the file, or the command */
    char version[IPM_NAME_BYTES];
    char commit[IPM_TEXT_BYTES];
    char hostname[IPM_TEXT_BYTES];
    char kernel[IPM_TEXT_BYTES];
    char started_at[IPM_NAME_BYTES];
};

/* What is not the same on both sides and may be why the results differ. */
struct ipm_difference {
    const char *what; /* "kernel" */
    char sides[IPM_ARMS][IPM_DIFFERENCE_BYTES];
};

/* What a second measurement said of a regression or an improvement: `ipcmark ab` makes one. */
enum ipm_confirmation {
    IPM_CONFIRMATION_NONE, /* there was none */
    IPM_CONFIRMATION_YES,
    IPM_CONFIRMATION_NO, /* it did not agree: the verdict is undecided */
    IPM_CONFIRMATIONS,
};

/* One metric of one case. */
struct ipm_compared {
    char name[IPM_CASE_NAME_BYTES];
    const struct ipm_metric *metric;
    enum ipm_verdict verdict;
    struct ipm_statistic sides[IPM_ARMS]; /* as measured */
    double ratio; /* the reference divided out, where there is one; and so are the next */
    double ratio_low;
    double ratio_high;
    enum ipm_reference reference;
    double drift; /* how much values changed without any cause: 0.03 is 3 % */
    double
        threshold; /* what the change must exceed: the one asked for, widened by drift */
    double p_regressed;
    double p_improved;
    enum ipm_confirmation confirmation;
    uint64_t rounds_more; /* with undecided: so many more of each side would decide it; 0:
                             no reasonable number would */
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
    enum ipm_unmatched_state state;
    char reason[IPM_REASON_BYTES]; /* or "" */
};

/* What it all says. */
enum ipm_gate {
    IPM_GATE_PASSED,
    IPM_GATE_FAILED,    /* a regression, a case that is missing or broken */
    IPM_GATE_UNDECIDED, /* nothing in common, or too little data */
    IPM_GATES,
};

struct ipm_comparison {
    struct ipm_tool tool; /* that compared */
    bool paired;          /* block by block, by `ipcmark ab`; else two runs, or more */
    char started_at[IPM_NAME_BYTES];
    double threshold; /* as asked for: 0.05 */
    double alpha;
    bool allow_missing;
    uint64_t seed; /* of the order; 0 where there was none to choose */
    enum ipm_gate gate;
    char error[IPM_REASON_BYTES]; /* why nothing could be compared; "" when it could */
    size_t run_count;
    struct ipm_compared_run *runs;
    size_t difference_count;
    struct ipm_difference *differences;
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
size_t ipm_comparison_count_unmatched(const struct ipm_comparison *comparison,
                                      enum ipm_unmatched_state state);

/* How much worse, in logarithms: above 0 worse, below better; NaN unknown. */
double ipm_compared_worse(const struct ipm_compared *compared);

/* Whether a ratio is beyond the threshold in that direction: 1/(1 + t) counts as much as
 * 1 + t. */
bool ipm_verdict_is_beyond(double ratio, bool upwards, double threshold);

/* The words of the report by value, NULL at the end: "regressed", "passed", "not_in_base". */
extern const char *const ipm_verdict_words[];
extern const char *const ipm_gate_words[];
extern const char *const ipm_unmatched_words[];

#endif
