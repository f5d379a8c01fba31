/* verdict.h - what a list of paired differences says: slower, faster, the same, or not to be
 * told. Pure arithmetic.
 *
 * The unit is a block: one trial with A and one with B, next to each other. d = ln(B/A). The
 * effect is the median of d, its interval made of order statistics (stats.h), the test
 * Wilcoxon's signed-rank, one-sided, with Holm's correction over everything that is judged
 * at once (rank.h). Statistically significant is not enough: a verdict also needs a median
 * beyond the threshold, because a difference that nobody would act upon is none, and an
 * interval that does not hold "no change". */
#ifndef IPM_MODEL_COMPARE_VERDICT_H
#define IPM_MODEL_COMPARE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

enum ipm_verdict {
    IPM_VERDICT_REGRESSED,
    IPM_VERDICT_IMPROVED,
    IPM_VERDICT_SAME,         /* the whole interval lies inside the threshold */
    IPM_VERDICT_INCONCLUSIVE, /* none of these can be told from so many blocks */
    IPM_VERDICT_INSUFFICIENT, /* too few blocks to tell anything */
    IPM_VERDICTS,
};

enum { IPM_VERDICT_BLOCKS_LEAST = 10 }; /* below: insufficient */

/* What is asked for a verdict. */
struct ipm_verdict_rule {
    double threshold; /* 0.05: a change of less than 5 % is none */
    double alpha;     /* 0.05 */
};

/* One thing that is judged. */
struct ipm_judged {
    const double *differences; /* ln(B/A) by block; NaN is left out */
    size_t count;
    bool more_is_better;
    /* Filled. Ratios are B/A; NaN when unknown. */
    size_t blocks; /* that were known */
    double ratio;  /* median */
    double ratio_low;
    double ratio_high;
    double p_regressed; /* of this and the others together */
    double p_improved;
    enum ipm_verdict verdict;
    size_t blocks_more; /* with inconclusive: so many more would do, at this noise; 0 when
                           no number of them would be enough in reason */
};

/* Judges all of them together. Returns 0 or -ENOMEM. */
int ipm_verdict_judge(struct ipm_judged *judged, size_t count,
                      const struct ipm_verdict_rule *rule);

/* The word of the report: "regressed". */
const char *ipm_verdict_word(enum ipm_verdict verdict);

/* Whether a ratio is worse by more than the threshold: 1/(1 + t) counts as much as 1 + t. */
bool ipm_verdict_is_beyond(double ratio, bool upwards, double threshold);

#endif
