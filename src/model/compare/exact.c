/* exact.c - measures and judges where the clock counts instructions.
 *
 * Such figures have no noise: the same boot gives the same figure. They differ by the seed, with
 * which addresses, hashes and the order of cases change, so a change must exceed the range of
 * the seeds. A case that has several states by nature, such as a stream whose buffer fills or
 * does not, has a wide range and is not judged. Tests of probability have no meaning here. */
#include "model/compare/judge.h"

#include "model/report/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* A case whose seeds differ by more has several states. */
static const double EXACT_RANGE_MOST = 0.05;

static double exact_range(const struct ipm_statistic *side) {
    return side->max / side->min - 1;
}

int ipm_compare_measure_exact(struct ipm_compared *compared,
                              const struct ipm_compare_series sides[IPM_ARMS],
                              double threshold) {
    for (int s = 0; s < IPM_ARMS; s++) {
        double *values = calloc(sides[s].count + 1, sizeof *values);
        if (!values)
            return -ENOMEM;
        for (size_t i = 0; i < sides[s].count; i++)
            values[i] = exp(sides[s].points[i].value);
        compared->sides[s] = ipm_stats_of(values, sides[s].count);
        free(values);
    }
    const struct ipm_statistic *base = &compared->sides[IPM_ARM_BASE];
    const struct ipm_statistic *fresh = &compared->sides[IPM_ARM_NEW];
    compared->ratio = fresh->median / base->median;
    compared->ratio_low = fresh->min / base->max;
    compared->ratio_high = fresh->max / base->min;
    compared->drift = fmax(exact_range(base), exact_range(fresh));
    compared->threshold = fmax(threshold, compared->drift);
    compared->p_regressed = compared->p_improved = NAN;
    return 0;
}

bool ipm_compared_is_unstable(const struct ipm_compared *compared) {
    return compared->drift > EXACT_RANGE_MOST;
}

/* Seeds that overlap show no change, however far their medians are apart. */
static bool exact_changed(const struct ipm_compared *compared, bool upwards) {
    const double least = upwards ? compared->ratio_low : 1 / compared->ratio_high;
    return least > 1 &&
           ipm_verdict_is_beyond(compared->ratio, upwards, compared->threshold);
}

static enum ipm_verdict exact_verdict(const struct ipm_compared *compared,
                                      double threshold) {
    const bool up = compared->metric->more_is_better;
    if (compared->sides[IPM_ARM_BASE].count < IPM_VERDICT_SEEDS_LEAST ||
        compared->sides[IPM_ARM_NEW].count < IPM_VERDICT_SEEDS_LEAST)
        return IPM_VERDICT_INSUFFICIENT;
    if (ipm_compared_is_unstable(compared))
        return IPM_VERDICT_UNDECIDED;
    if (exact_changed(compared, !up))
        return IPM_VERDICT_REGRESSED;
    if (exact_changed(compared, up))
        return IPM_VERDICT_IMPROVED;
    return compared->drift <= threshold &&
                   !ipm_verdict_is_beyond(compared->ratio, true, threshold) &&
                   !ipm_verdict_is_beyond(compared->ratio, false, threshold)
               ? IPM_VERDICT_SAME
               : IPM_VERDICT_UNDECIDED;
}

void ipm_compare_decide_exact(struct ipm_compared *results, size_t count,
                              double threshold) {
    for (size_t i = 0; i < count; i++)
        results[i].verdict = exact_verdict(&results[i], threshold);
}
