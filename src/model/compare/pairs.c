/* pairs.c - pairs the trials of two sides and judges them. */
#include "model/compare/pairs.h"

#include "model/report/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Returns the value of that block, or NaN. */
static double pairs_value(const struct ipm_compare_series *series, size_t block) {
    for (size_t i = 0; i < series->count; i++)
        if (series->points[i].run == block)
            return series->points[i].value;
    return NAN;
}

int ipm_compare_pairs_add(struct ipm_compare_pairs *pairs,
                          const struct ipm_compare_series sides[IPM_ARMS]) {
    const size_t filled = pairs->count * pairs->blocks;
    double *grown = realloc(pairs->differences,
                            (filled + pairs->blocks + 1) * sizeof *pairs->differences);
    if (!grown)
        return -ENOMEM;
    for (size_t i = 0; i < pairs->blocks; i++)
        grown[filled + i] =
            pairs_value(&sides[IPM_ARM_NEW], i) - pairs_value(&sides[IPM_ARM_BASE], i);
    pairs->differences = grown;
    pairs->count++;
    return 0;
}

void ipm_compare_pairs_done(struct ipm_compare_pairs *pairs) {
    free(pairs->differences);
    *pairs = (struct ipm_compare_pairs){0};
}

/* --- verdicts --------------------------------------------------------------------------- */

static const double *pairs_of(const struct ipm_compare_pairs *pairs, size_t result) {
    return pairs->differences + result * pairs->blocks;
}

static size_t pairs_known(const struct ipm_compare_pairs *pairs, size_t result) {
    size_t known = 0;
    for (size_t i = 0; i < pairs->blocks; i++)
        known += isnan(pairs_of(pairs, result)[i]) ? 0 : 1;
    return known;
}

/* Fills all members but the verdict. Drift affects both sides of a block alike, so it is 0. */
static void pairs_measure(struct ipm_compared *result, double *values, size_t count,
                          double threshold, struct ipm_rank_cache *cache) {
    const bool up = result->metric->more_is_better;
    const struct ipm_statistic d = ipm_stats_of(values, count);
    struct ipm_rank_test test = ipm_rank_signed(cache, values, d.count);
    if (d.count < IPM_VERDICT_BLOCKS_LEAST)
        test.less = test.greater = NAN;
    result->ratio = exp(d.median);
    result->ratio_low = exp(d.ci95_low);
    result->ratio_high = exp(d.ci95_high);
    result->p_regressed = up ? test.less : test.greater;
    result->p_improved = up ? test.greater : test.less;
    result->threshold = threshold;
    result->drift = 0;
    result->reference = IPM_REFERENCE_NONE;
}

/* The test may be significant although the interval includes "no change", because a few
 * small differences in the other direction have low ranks. */
static bool pairs_went(const struct ipm_compared *result, bool upwards) {
    return ipm_verdict_is_beyond(result->ratio, upwards, result->threshold) &&
           (upwards ? result->ratio_low > 1 : result->ratio_high < 1);
}

static enum ipm_verdict pairs_verdict(const struct ipm_compared *result, size_t known,
                                      double alpha) {
    const bool up = result->metric->more_is_better;
    if (known < IPM_VERDICT_BLOCKS_LEAST)
        return IPM_VERDICT_INSUFFICIENT;
    if (result->p_regressed < alpha && pairs_went(result, !up))
        return IPM_VERDICT_REGRESSED;
    if (result->p_improved < alpha && pairs_went(result, up))
        return IPM_VERDICT_IMPROVED;
    if (!ipm_verdict_is_beyond(result->ratio_high, true, result->threshold) &&
        !ipm_verdict_is_beyond(result->ratio_low, false, result->threshold))
        return IPM_VERDICT_SAME;
    return IPM_VERDICT_UNDECIDED;
}

/* The interval shrinks with the root of the blocks, until it ends on one side of the
 * threshold. */
static uint64_t pairs_more(const struct ipm_compared *result, size_t known) {
    const double half = (log(result->ratio_high) - log(result->ratio_low)) / 2;
    const double room = fabs(fabs(log(result->ratio)) - log1p(result->threshold));
    const double blocks = (double)known;
    const double more = ceil(fmax(blocks * (half / room) * (half / room) - blocks, 1));
    return more <= IPM_VERDICT_MORE_MOST ? (uint64_t)more : 0;
}

int ipm_compare_pairs_decide(const struct ipm_compare_pairs *pairs,
                             struct ipm_compared *results, double threshold, double alpha,
                             struct ipm_rank_cache *cache) {
    double *values = calloc(pairs->blocks + 1, sizeof *values);
    if (!values)
        return -ENOMEM;
    for (size_t i = 0; i < pairs->count; i++) {
        if (pairs->blocks > 0)
            memcpy(values, pairs_of(pairs, i), pairs->blocks * sizeof *values);
        pairs_measure(&results[i], values, pairs->blocks, threshold, cache);
    }
    free(values);
    const int failed = ipm_compare_correct(results, pairs->count);
    for (size_t i = 0; !failed && i < pairs->count; i++) {
        const size_t known = pairs_known(pairs, i);
        results[i].verdict = pairs_verdict(&results[i], known, alpha);
        results[i].rounds_more = results[i].verdict == IPM_VERDICT_UNDECIDED
                                     ? pairs_more(&results[i], known)
                                     : 0;
    }
    return failed;
}
