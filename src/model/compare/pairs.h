/* pairs.h - from blocks, each a trial of both sides next to each other, to a verdict.
 *
 * d = ln(NEW/BASE) of a block. The effect is the median of d, its interval made of order
 * statistics (stats.h), the test Wilcoxon's signed-rank, one-sided, with Holm's correction
 * over everything that is judged at once (rank.h). Statistically significant is not enough: a
 * verdict also needs a median beyond the threshold, because nobody acts on a smaller
 * difference, and an interval that does not include "no change". */
#ifndef IPM_MODEL_COMPARE_PAIRS_H
#define IPM_MODEL_COMPARE_PAIRS_H

#include "model/compare/judge.h"

#include <stddef.h>

/* The differences of every result, in their order, block by block. */
struct ipm_compare_pairs {
    size_t blocks;
    size_t count;
    double *differences; /* ln(NEW/BASE); NaN where a side has no value */
};

/* Adds what belongs to one result more. Returns 0 or -ENOMEM. */
int ipm_compare_pairs_add(struct ipm_compare_pairs *pairs,
                          const struct ipm_compare_series sides[IPM_ARMS]);
void ipm_compare_pairs_done(struct ipm_compare_pairs *pairs);

/* Judges all results together: fills each but for the name, the metric, which must be set,
 * and what was measured on each side. Returns 0 or -ENOMEM. */
int ipm_compare_pairs_decide(const struct ipm_compare_pairs *pairs,
                             struct ipm_compared *results, double threshold,
                             double alpha);

#endif
