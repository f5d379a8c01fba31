/* pairs.c - pairs the trials of two sides and has them judged by verdict.c. Knows no
 * report. */
#include "model/compare/pairs.h"

#include "model/compare/verdict.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* The value of that block, or NaN. */
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

static void pairs_take(struct ipm_compared *result, const struct ipm_judged *judged,
                       double threshold) {
    result->ratio = judged->ratio;
    result->ratio_low = judged->ratio_low;
    result->ratio_high = judged->ratio_high;
    result->p_regressed = judged->p_regressed;
    result->p_improved = judged->p_improved;
    result->verdict = judged->verdict;
    result->rounds_more = judged->blocks_more;
    result->threshold = threshold;
    result->drift = 0; /* it hits both sides of a block alike */
    result->yardstick = IPM_REFERENCE_NONE;
}

int ipm_compare_pairs_decide(const struct ipm_compare_pairs *pairs,
                             struct ipm_compared *results, double threshold,
                             double alpha) {
    const struct ipm_verdict_rule rule = {.threshold = threshold, .alpha = alpha};
    struct ipm_judged *judged = calloc(pairs->count + 1, sizeof *judged);
    if (!judged)
        return -ENOMEM;
    for (size_t i = 0; i < pairs->count; i++)
        judged[i] =
            (struct ipm_judged){.differences = pairs->differences + i * pairs->blocks,
                                .count = pairs->blocks,
                                .more_is_better = results[i].metric->more_is_better};
    const int failed = ipm_verdict_judge(judged, pairs->count, &rule);
    for (size_t i = 0; !failed && i < pairs->count; i++)
        pairs_take(&results[i], &judged[i], threshold);
    free(judged);
    return failed;
}
