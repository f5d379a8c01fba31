/* pairs.h - verdicts from blocks, each with a trial of both sides.
 *
 * d = ln(NEW/BASE) of a block. The effect is the median of d; its interval consists of
 * order statistics (stats.h); the test is Wilcoxon's signed-rank test, one-sided, with
 * Holm's correction over all results (rank.h). Significance is not enough: a verdict also
 * needs a median beyond the threshold and an interval that does not include "no change". */
#ifndef IPM_MODEL_COMPARE_PAIRS_H
#define IPM_MODEL_COMPARE_PAIRS_H

#include "model/compare/judge.h"

#include <stddef.h>

/* The differences of all results, block by block. */
struct ipm_compare_pairs {
    size_t blocks;
    size_t count;
    double *differences; /* ln(NEW/BASE); NaN where a side has no value */
};

/* Adds one result. Returns 0 or -ENOMEM. */
int ipm_compare_pairs_add(struct ipm_compare_pairs *pairs,
                          const struct ipm_compare_series sides[IPM_ARMS]);
void ipm_compare_pairs_done(struct ipm_compare_pairs *pairs);

/* Fills all results except for the name, the metric, which must be set, and the statistics
 * of the sides. Returns 0 or -ENOMEM. */
int ipm_compare_pairs_decide(const struct ipm_compare_pairs *pairs,
                             struct ipm_compared *results, double threshold, double alpha,
                             struct ipm_rank_cache *cache);

#endif
