/* rank.h - exact rank tests, and the correction for many tests. Pure arithmetic.
 *
 * Equal values have the mean of their ranks, and the distribution is exact for these ranks:
 * no normal approximation, with ties or without (Lehmann, Nonparametrics, 1975, 1.4 and
 * 3.3). */
#ifndef IPM_MODEL_COMPARE_RANK_H
#define IPM_MODEL_COMPARE_RANK_H

#include <stddef.h>

/* Above these numbers of values, of both lists together, a test returns NaN: its time grows
 * with the third and the fourth power. */
enum { IPM_RANK_MOST = 1000, IPM_RANK_SUM_MOST = 120, IPM_RANK_CACHED = 64 };

/* The last distributions of rank sums. They depend on the ranks only, which are 1, 2, 3...
 * without ties, and the same ones for all metrics of a report that is compared with itself.
 * Zeroed is empty. */
struct ipm_rank_cache {
    size_t added; /* in all; the oldest makes room */
    struct ipm_rank_chance {
        size_t count;
        size_t wanted; /* number of values in the list whose ranks are summed */
        size_t *ranks; /* ascending */
        double *chance;
    } items[IPM_RANK_CACHED];
};

void ipm_rank_cache_done(struct ipm_rank_cache *cache);

/* One-sided probabilities of the observed or a more extreme result without a difference.
 * NaN when there was nothing to rank, or no memory. */
struct ipm_rank_test {
    double greater; /* of a shift upwards */
    double less;
    size_t count; /* number of ranked values */
};

/* Wilcoxon's signed-rank test of differences about 0. Zeros are left out, as Wilcoxon did,
 * and NaN. */
struct ipm_rank_test ipm_rank_signed(struct ipm_rank_cache *cache,
                                     const double *differences, size_t count);

/* Wilcoxon's rank-sum test, Mann and Whitney's U: `greater` is small when the values of `a`
 * are above those of `b`. NaN values are left out. */
struct ipm_rank_test ipm_rank_sum(struct ipm_rank_cache *cache, const double *a,
                                  size_t a_count, const double *b, size_t b_count);

/* Returns how many of the a_count * b_count differences between two lists lie outside, at
 * each end, of an interval of that confidence for the shift; 0 when the lists are too short
 * or too long. For lists without ties (Hodges and Lehmann 1963). */
size_t ipm_rank_sum_outside(struct ipm_rank_cache *cache, size_t a_count, size_t b_count,
                            double confidence);

/* Corrects the probabilities in place for their number by Holm's step-down method (Holm
 * 1979). NaN stays NaN and counts as no test. Returns 0 or -ENOMEM. */
int ipm_rank_holm(double *probabilities, size_t count);

/* Student's t distribution: returns the probability of a value above t. `freedom` is at least 1. */
double ipm_student_above(double t, size_t freedom);

/* Returns the value that is exceeded with that probability, which is below 0.5. */
double ipm_student_limit(double probability, size_t freedom);

#endif
