/* decide.c - verdicts on all results of a comparison together. */
#include "model/compare/judge.h"
#include "model/report/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Typical drift is assumed for a case up to this many half intervals. */
static const double DECIDE_CALM = 3;

/* Up to this many half intervals, apparent drift may be noise: see decide_lasting. */
static const double DECIDE_LUCK = 2.5;

static size_t decide_trials(const struct ipm_compared *compared) {
    const size_t base = compared->sides[IPM_ARM_BASE].count;
    const size_t fresh = compared->sides[IPM_ARM_NEW].count;
    return base < fresh ? base : fresh;
}

/* Whether there would be enough trials with those that were contended. */
static bool decide_is_contended(const struct ipm_compared *compared, bool paired) {
    const size_t least = ipm_verdict_least(paired);
    bool enough = true;
    for (int s = 0; s < IPM_ARMS; s++)
        enough = enough && compared->sides[s].count + compared->contended[s] >= least;
    return enough;
}

static bool decide_is_enough(const struct ipm_compared *compared, bool paired) {
    return decide_trials(compared) >= ipm_verdict_least(paired);
}

/* NaN counts as no test. */
static int decide_correct(struct ipm_compared *results, size_t count) {
    double *p = calloc(2 * count + 1, sizeof *p);
    int failed = p ? 0 : -ENOMEM;
    for (size_t i = 0; !failed && i < count; i++) {
        p[i] = results[i].p_regressed;
        p[count + i] = results[i].p_improved;
    }
    if (!failed)
        failed = ipm_rank_holm(p, count);
    if (!failed)
        failed = ipm_rank_holm(p + count, count);
    for (size_t i = 0; !failed && i < count; i++) {
        results[i].p_regressed = p[i];
        results[i].p_improved = p[count + i];
    }
    free(p);
    return failed;
}

static double decide_half(const struct ipm_compared *compared) {
    return (log(compared->ratio_high) - log(compared->ratio_low)) / 2;
}

static double decide_typical(double *scratch, const struct ipm_compared *results,
                             size_t count) {
    size_t known = 0;
    for (size_t i = 0; i < count; i++)
        if (results[i].metric->scaling != IPM_METRIC_COUNT &&
            decide_is_enough(&results[i], false))
            scratch[known++] = log1p(results[i].drift);
    return ipm_stats_of(scratch, known).median;
}

/* The halves of a run may agree by chance although the machine drifts, which most other
 * cases show then. A case with a narrow interval is not assumed to drift much. */
static int decide_share_drift(struct ipm_compared *results, size_t count,
                              double threshold) {
    double *scratch = calloc(count + 1, sizeof *scratch);
    if (!scratch)
        return -ENOMEM;
    const double typical = decide_typical(scratch, results, count);
    for (size_t i = 0; i < count && isfinite(typical); i++) {
        const double likely = fmin(typical, DECIDE_CALM * decide_half(&results[i]));
        if (results[i].metric->scaling == IPM_METRIC_COUNT || results[i].by_runs ||
            !(likely > log1p(results[i].drift)))
            continue;
        results[i].drift = expm1(likely);
        results[i].threshold = expm1(log1p(threshold) + likely);
    }
    free(scratch);
    return 0;
}

/* The medians as measured must change in the same direction. In blocks and over a history, drift
 * is in the interval. In blocks, the test may be
 * significant although the interval includes "no change", because a few small differences
 * in the other direction have low ranks. */
static bool decide_went(const struct ipm_compared *compared, bool upwards, bool paired) {
    const double low = upwards ? compared->ratio_low : 1 / compared->ratio_high;
    const double raw =
        compared->sides[IPM_ARM_NEW].median - compared->sides[IPM_ARM_BASE].median;
    if (paired || compared->by_runs)
        return low > 1 &&
               ipm_verdict_is_beyond(compared->ratio, upwards, compared->threshold);
    return (upwards ? raw : -raw) > 0 &&
           ipm_verdict_is_beyond(low, true, compared->threshold);
}

/* Drift widens the limit of a change, and the interval as well. */
static bool decide_is_same(const struct ipm_compared *compared, double threshold) {
    const double wander = 1 + fmax(compared->drift, 0); /* unknown: 0 */
    return !ipm_verdict_is_beyond(compared->ratio_high * wander, true, threshold) &&
           !ipm_verdict_is_beyond(compared->ratio_low / wander, false, threshold);
}

static enum ipm_verdict decide_verdict(const struct ipm_compared *compared,
                                       double threshold, double alpha, bool paired) {
    const bool up = compared->metric->more_is_better;
    if (!decide_is_enough(compared, paired))
        return decide_is_contended(compared, paired) ? IPM_VERDICT_CONTENDED
                                                     : IPM_VERDICT_INSUFFICIENT;
    if (compared->p_regressed < alpha && decide_went(compared, !up, paired))
        return IPM_VERDICT_REGRESSED;
    if (compared->p_improved < alpha && decide_went(compared, up, paired))
        return IPM_VERDICT_IMPROVED;
    return decide_is_same(compared, threshold) ? IPM_VERDICT_SAME : IPM_VERDICT_UNDECIDED;
}

/* Returns the drift that more trials would not remove. The medians of halves differ by
 * noise, too: with a standard deviation of 0.9 half intervals, and the larger of two
 * counts. */
static double decide_lasting(const struct ipm_compared *compared) {
    const double drift = log1p(fmax(compared->drift, 0));
    return drift > DECIDE_LUCK * decide_half(compared) ? drift : 0;
}

/* The interval shrinks with the root of the trials, until it ends inside the requested
 * threshold, narrowed by drift, or outside the widened one. */
static uint64_t decide_more(const struct ipm_compared *compared, double threshold) {
    const double half = decide_half(compared);
    const double change = fabs(log(compared->ratio));
    const double room = fmax(log1p(threshold) - decide_lasting(compared) - change,
                             change - log1p(compared->threshold));
    const double trials = (double)decide_trials(compared);
    const double more = ceil(fmax(trials * (half / room) * (half / room) - trials, 1));
    return room > 0 && more <= IPM_VERDICT_MORE_MOST ? (uint64_t)more : 0;
}

int ipm_compare_decide(struct ipm_compared *results, size_t count, double threshold,
                       double alpha, bool paired) {
    for (size_t i = 0; i < count; i++)
        if (!decide_is_enough(&results[i], paired))
            results[i].p_regressed = results[i].p_improved = NAN;
    int failed = decide_correct(results, count);
    if (!failed && !paired)
        failed = decide_share_drift(results, count, threshold);
    for (size_t i = 0; !failed && i < count; i++) {
        results[i].verdict = decide_verdict(&results[i], threshold, alpha, paired);
        if (results[i].verdict == IPM_VERDICT_UNDECIDED && !results[i].by_runs)
            results[i].rounds_more = decide_more(&results[i], threshold);
    }
    return failed;
}
