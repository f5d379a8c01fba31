/* rank.h - tests by ranks, exact: whether differences lean to one side, whether one list is
 * above another, and what many such tests say together. Pure arithmetic.
 *
 * Equal values share the mean of their ranks, and the distribution is that of these very
 * ranks: no normal approximation, ties or not (Lehmann, Nonparametrics, 1975, 1.4 and 3.3). */
#ifndef IPM_MODEL_COMPARE_RANK_H
#define IPM_MODEL_COMPARE_RANK_H

#include <stddef.h>

/* Of more values than these, both lists together, a test answers NaN: what it counts grows
 * with the third and the fourth power of them. */
enum { IPM_RANK_MOST = 1000, IPM_RANK_SUM_MOST = 120 };

/* One-sided probabilities of what was seen, or more, where nothing is different. NaN when
 * there was nothing to rank, or no memory. */
struct ipm_rank_test {
    double greater; /* that it leans this far up */
    double less;
    size_t count; /* of values that were ranked */
};

/* Wilcoxon's signed-rank test of differences about 0. Zeros are left out, as Wilcoxon did;
 * NaN, too. */
struct ipm_rank_test ipm_rank_signed(const double *differences, size_t count);

/* Wilcoxon's rank-sum test, Mann and Whitney's U: `greater` is small when the values of `a`
 * are above those of `b`. NaN values are left out. */
struct ipm_rank_test ipm_rank_sum(const double *a, size_t a_count, const double *b,
                                  size_t b_count);

/* How many of the a_count * b_count differences between two lists, from either end, lie
 * outside an interval of that confidence (0.95) for what is between them; 0 when the lists
 * are too short for any, or too long. Of lists without ties (Hodges and Lehmann 1963). */
size_t ipm_rank_sum_outside(size_t a_count, size_t b_count, double confidence);

/* Holm's step-down: makes each of the probabilities what it is worth among all of them, in
 * its place (Holm 1979). NaN stays NaN and counts as no test. Returns 0 or -ENOMEM. */
int ipm_rank_holm(double *probabilities, size_t count);

#endif
