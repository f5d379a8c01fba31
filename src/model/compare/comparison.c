/* comparison.c - the arrays of a comparison, their order, and the overall result. */
#include "model/compare/comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void ipm_comparison_done(struct ipm_comparison *comparison) {
    free(comparison->runs);
    free(comparison->differences);
    free(comparison->cases);
    free(comparison->results);
    free(comparison->unmatched);
    *comparison = (struct ipm_comparison){0};
}

size_t ipm_comparison_count(const struct ipm_comparison *comparison,
                            enum ipm_verdict verdict) {
    size_t count = 0;
    for (size_t i = 0; i < comparison->result_count; i++)
        count += comparison->results[i].verdict == verdict;
    return count;
}

size_t ipm_comparison_count_gated(const struct ipm_comparison *comparison,
                                  enum ipm_verdict verdict) {
    size_t count = 0;
    for (size_t i = 0; i < comparison->result_count; i++)
        count += comparison->results[i].gated &&
                 (verdict == IPM_VERDICTS || comparison->results[i].verdict == verdict);
    return count;
}

size_t ipm_comparison_count_unmatched(const struct ipm_comparison *comparison,
                                      enum ipm_unmatched_state state) {
    size_t count = 0;
    for (size_t i = 0; i < comparison->unmatched_count; i++)
        count += comparison->unmatched[i].state == state;
    return count;
}

double ipm_compared_worse(const struct ipm_compared *compared) {
    const double change = log(compared->ratio);
    return compared->metric->more_is_better ? -change : change;
}

bool ipm_compared_lacks_history(const struct ipm_comparison *comparison,
                                const struct ipm_compared *compared) {
    return comparison->history && !compared->by_runs &&
           compared->metric->scaling != IPM_METRIC_COUNT;
}

/* Failures come first, passed results last. */
static int comparison_rank(enum ipm_verdict verdict) {
    static const int ranks[IPM_VERDICTS] = {
        [IPM_VERDICT_REGRESSED] = 0,    [IPM_VERDICT_MACHINE] = 1,
        [IPM_VERDICT_INSUFFICIENT] = 2, [IPM_VERDICT_CONTENDED] = 3,
        [IPM_VERDICT_UNDECIDED] = 4,    [IPM_VERDICT_IMPROVED] = 5,
        [IPM_VERDICT_SAME] = 6,         [IPM_VERDICT_SATURATED] = 7,
    };
    return ranks[verdict];
}

static double comparison_badness(const struct ipm_compared *compared) {
    const double worse = ipm_compared_worse(compared);
    return isnan(worse) ? -INFINITY : worse;
}

static int comparison_order(const void *left, const void *right) {
    const struct ipm_compared *a = left;
    const struct ipm_compared *b = right;
    const int gated = b->gated - a->gated;
    const int ranks =
        gated != 0 ? gated : comparison_rank(a->verdict) - comparison_rank(b->verdict);
    const double a_bad = comparison_badness(a);
    const double b_bad = comparison_badness(b);
    if (ranks != 0)
        return ranks;
    if (a_bad < b_bad || a_bad > b_bad)
        return a_bad > b_bad ? -1 : 1;
    const int names = strcmp(a->name, b->name);
    return names != 0 ? names : (a->metric > b->metric) - (a->metric < b->metric);
}

static enum ipm_gate comparison_gate(const struct ipm_comparison *comparison) {
    const size_t missing =
        ipm_comparison_count_unmatched(comparison, IPM_UNMATCHED_NOT_IN_BASE) +
        ipm_comparison_count_unmatched(comparison, IPM_UNMATCHED_NOT_IN_NEW);
    if (ipm_comparison_count_gated(comparison, IPM_VERDICT_REGRESSED) > 0 ||
        ipm_comparison_count_unmatched(comparison, IPM_UNMATCHED_FAILED) > 0)
        return IPM_GATE_FAILED;
    if (ipm_comparison_count_gated(comparison, IPM_VERDICTS) == 0)
        return IPM_GATE_UNDECIDED;
    if (missing > 0 && !comparison->allow_missing)
        return IPM_GATE_FAILED;
    for (enum ipm_verdict v = IPM_VERDICT_INSUFFICIENT; v < IPM_VERDICTS; v++)
        if (ipm_comparison_count_gated(comparison, v) > 0)
            return IPM_GATE_UNDECIDED;
    return ipm_comparison_count_gated(comparison, IPM_VERDICT_UNDECIDED) > 0
               ? IPM_GATE_OPEN
               : IPM_GATE_PASSED;
}

void ipm_comparison_settle(struct ipm_comparison *comparison) {
    if (comparison->result_count > 1)
        qsort(comparison->results, comparison->result_count, sizeof *comparison->results,
              comparison_order);
    comparison->gate = comparison_gate(comparison);
}

bool ipm_verdict_is_beyond(double ratio, bool upwards, double threshold) {
    const double least = log1p(threshold);
    return upwards ? log(ratio) > least : log(ratio) < -least;
}

size_t ipm_verdict_least(bool paired) {
    return paired ? IPM_VERDICT_BLOCKS_LEAST : IPM_VERDICT_TRIALS_LEAST;
}

size_t ipm_comparison_least(const struct ipm_comparison *comparison) {
    return comparison->clock == IPM_CLOCK_INSTRUCTIONS
               ? IPM_VERDICT_SEEDS_LEAST
               : ipm_verdict_least(comparison->paired);
}

const char *const ipm_verdict_words[] = {
    [IPM_VERDICT_REGRESSED] = "regressed",
    [IPM_VERDICT_IMPROVED] = "improved",
    [IPM_VERDICT_SAME] = "same",
    [IPM_VERDICT_UNDECIDED] = "undecided",
    [IPM_VERDICT_INSUFFICIENT] = "insufficient",
    [IPM_VERDICT_CONTENDED] = "contended",
    [IPM_VERDICT_SATURATED] = "saturated",
    [IPM_VERDICT_MACHINE] = "machine",
    NULL,
};

const char *const ipm_gate_words[] = {
    [IPM_GATE_PASSED] = "passed",
    [IPM_GATE_OPEN] = "open",
    [IPM_GATE_FAILED] = "failed",
    [IPM_GATE_UNDECIDED] = "undecided",
    NULL,
};

const char *const ipm_unmatched_words[] = {
    [IPM_UNMATCHED_NOT_IN_BASE] = "not_in_base",
    [IPM_UNMATCHED_NOT_IN_NEW] = "not_in_new",
    [IPM_UNMATCHED_FAILED] = "failed",
    [IPM_UNMATCHED_SKIPPED] = "skipped",
    NULL,
};
