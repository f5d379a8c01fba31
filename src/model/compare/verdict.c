/* verdict.c - from paired differences to a verdict. Knows no case, no metric and no file. */
#include "model/compare/verdict.h"

#include "model/compare/rank.h"
#include "model/report/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VERDICT_MORE_MOST = 10000 };

static const char *const verdict_words[IPM_VERDICTS] = {
    [IPM_VERDICT_REGRESSED] = "regressed",
    [IPM_VERDICT_IMPROVED] = "improved",
    [IPM_VERDICT_SAME] = "same",
    [IPM_VERDICT_INCONCLUSIVE] = "inconclusive",
    [IPM_VERDICT_INSUFFICIENT] = "insufficient",
};

const char *ipm_verdict_word(enum ipm_verdict verdict) {
    return verdict_words[verdict];
}

bool ipm_verdict_is_beyond(double ratio, bool upwards, double threshold) {
    const double least = log1p(threshold);
    return upwards ? log(ratio) > least : log(ratio) < -least;
}

static int verdict_measure(struct ipm_judged *judged) {
    double *values = calloc(judged->count + 1, sizeof *values);
    if (!values)
        return -ENOMEM;
    if (judged->count > 0)
        memcpy(values, judged->differences, judged->count * sizeof *values);
    const struct ipm_statistic d = ipm_stats_of(values, judged->count);
    const struct ipm_rank_test test = ipm_rank_signed(values, d.count);
    judged->blocks = d.count;
    judged->ratio = exp(d.median);
    judged->ratio_low = exp(d.ci95_low);
    judged->ratio_high = exp(d.ci95_high);
    judged->p_regressed = judged->more_is_better ? test.less : test.greater;
    judged->p_improved = judged->more_is_better ? test.greater : test.less;
    free(values);
    return 0;
}

static int verdict_correct(struct ipm_judged *judged, size_t count) {
    double *regressed = calloc(count + 1, sizeof *regressed);
    double *improved = calloc(count + 1, sizeof *improved);
    int failed = regressed && improved ? 0 : -ENOMEM;
    for (size_t i = 0; !failed && i < count; i++) {
        const bool enough = judged[i].blocks >= IPM_VERDICT_BLOCKS_LEAST;
        regressed[i] = enough ? judged[i].p_regressed : NAN;
        improved[i] = enough ? judged[i].p_improved : NAN;
    }
    if (!failed)
        failed = ipm_rank_holm(regressed, count);
    if (!failed)
        failed = ipm_rank_holm(improved, count);
    for (size_t i = 0; !failed && i < count; i++) {
        judged[i].p_regressed = regressed[i];
        judged[i].p_improved = improved[i];
    }
    free(regressed);
    free(improved);
    return failed;
}

/* The ranks may be sure of what the interval is not: a few small differences the other way
 * weigh little in them. Nobody believes a change whose interval holds no change. */
static bool verdict_went(const struct ipm_judged *judged, bool upwards,
                         double threshold) {
    return ipm_verdict_is_beyond(judged->ratio, upwards, threshold) &&
           (upwards ? judged->ratio_low > 1 : judged->ratio_high < 1);
}

static enum ipm_verdict verdict_of(const struct ipm_judged *judged,
                                   const struct ipm_verdict_rule *rule) {
    const bool up = judged->more_is_better;
    if (judged->blocks < IPM_VERDICT_BLOCKS_LEAST)
        return IPM_VERDICT_INSUFFICIENT;
    if (judged->p_regressed < rule->alpha && verdict_went(judged, !up, rule->threshold))
        return IPM_VERDICT_REGRESSED;
    if (judged->p_improved < rule->alpha && verdict_went(judged, up, rule->threshold))
        return IPM_VERDICT_IMPROVED;
    if (!ipm_verdict_is_beyond(judged->ratio_high, true, rule->threshold) &&
        !ipm_verdict_is_beyond(judged->ratio_low, false, rule->threshold))
        return IPM_VERDICT_SAME;
    return IPM_VERDICT_INCONCLUSIVE;
}

/* The interval shrinks with the root of the blocks: until it ends before the threshold, on
 * whichever side of it the median lies. */
static size_t verdict_more(const struct ipm_judged *judged,
                           const struct ipm_verdict_rule *rule) {
    const double half = (log(judged->ratio_high) - log(judged->ratio_low)) / 2;
    const double room = fabs(fabs(log(judged->ratio)) - log1p(rule->threshold));
    const double blocks = (double)judged->blocks;
    const double wanted = blocks * (half / room) * (half / room);
    const double more = ceil(fmax(wanted - blocks, 1));
    return more <= VERDICT_MORE_MOST ? (size_t)more : 0;
}

int ipm_verdict_judge(struct ipm_judged *judged, size_t count,
                      const struct ipm_verdict_rule *rule) {
    int failed = 0;
    for (size_t i = 0; !failed && i < count; i++)
        failed = verdict_measure(&judged[i]);
    if (!failed)
        failed = verdict_correct(judged, count);
    for (size_t i = 0; !failed && i < count; i++) {
        judged[i].verdict = verdict_of(&judged[i], rule);
        judged[i].blocks_more = judged[i].verdict == IPM_VERDICT_INCONCLUSIVE
                                    ? verdict_more(&judged[i], rule)
                                    : 0;
    }
    return failed;
}
