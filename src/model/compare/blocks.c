/* blocks.c - compares by blocks: a trial of one side and a trial of the other.
 *
 * d = ln(NEW/BASE) of a block. The effect is the median of d; its interval consists of
 * order statistics (stats.h); the test is Wilcoxon's signed-rank test, one-sided (rank.h). */
#include "model/compare/judge.h"

#include "model/report/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Returns the value of that block, or NaN. */
static double blocks_value(const struct ipm_compare_series *series, size_t block) {
    for (size_t i = 0; i < series->count; i++)
        if (series->points[i].run == block)
            return series->points[i].value;
    return NAN;
}

/* Drift affects both sides of a block alike, so it is 0. */
static void blocks_fill(struct ipm_compared *result, double *differences, size_t count,
                        struct ipm_rank_cache *cache) {
    const bool up = result->metric->more_is_better;
    const struct ipm_statistic d = ipm_stats_of(differences, count);
    const struct ipm_rank_test test = ipm_rank_signed(cache, differences, count);
    result->ratio = exp(d.median);
    result->ratio_low = exp(d.ci95_low);
    result->ratio_high = exp(d.ci95_high);
    result->p_regressed = up ? test.less : test.greater;
    result->p_improved = up ? test.greater : test.less;
}

int ipm_compare_measure_blocks(struct ipm_compared *compared,
                               const struct ipm_compare_series sides[IPM_ARMS],
                               size_t blocks, double threshold,
                               struct ipm_rank_cache *cache) {
    double *values = calloc(3 * blocks + 1, sizeof *values);
    const size_t contended = sides[IPM_ARM_BASE].contended + sides[IPM_ARM_NEW].contended;
    size_t known = 0;
    if (!values)
        return -ENOMEM;
    double *differences = values + 2 * blocks;
    for (size_t i = 0; i < blocks; i++) {
        const double base = blocks_value(&sides[IPM_ARM_BASE], i);
        const double fresh = blocks_value(&sides[IPM_ARM_NEW], i);
        if (isnan(base) || isnan(fresh))
            continue;
        values[known] = exp(base);
        values[blocks + known] = exp(fresh);
        differences[known++] = fresh - base;
    }
    compared->threshold = threshold;
    for (int s = 0; s < IPM_ARMS; s++)
        compared->contended[s] = contended > 0 ? blocks - known : 0;
    blocks_fill(compared, differences, known, cache);
    compared->sides[IPM_ARM_BASE] = ipm_stats_of(values, known);
    compared->sides[IPM_ARM_NEW] = ipm_stats_of(values + blocks, known);
    ipm_compare_widen(compared, sides);
    free(values);
    return 0;
}
