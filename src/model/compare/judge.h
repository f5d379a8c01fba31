/* judge.h - from the trials of both sides to a verdict, unpaired. Pure arithmetic.
 *
 * Trials made at two times differ for two reasons: noise, which more trials cure, and drift,
 * which they do not. The interval and the test know of noise alone. So the change must also
 * exceed a threshold that is widened by what can be seen of drift: how far the halves of each
 * run lie apart, in this case and in most others, how far several runs of BASE do, and how the
 * reference measurements changed. A reference that moved as the metric did is divided out. */
#ifndef IPM_MODEL_COMPARE_JUDGE_H
#define IPM_MODEL_COMPARE_JUDGE_H

#include "model/compare/comparison.h"

#include <stddef.h>

/* A trial, in logarithms. */
struct ipm_compare_point {
    double value;
    double speed[IPM_REFERENCES]; /* of the machine in its round; NaN: not known */
    size_t run;                   /* of its side */
};

/* A metric of a case on one side: the trials of all runs, in the order of rounds. */
struct ipm_compare_series {
    size_t count;
    struct ipm_compare_point *points;
};

/* Adds the trials of the run of that index that have a value. Returns 0 or -ENOMEM. */
int ipm_compare_series_add(struct ipm_compare_series *series,
                           const struct ipm_report *report, const struct ipm_case *c,
                           const struct ipm_metric *metric, size_t run);
void ipm_compare_series_done(struct ipm_compare_series *series);

/* Fills all but the verdict; the metric must be set. The probabilities are of this metric
 * alone. Returns 0 or -ENOMEM. */
int ipm_compare_measure(struct ipm_compared *compared,
                        const struct ipm_compare_series sides[IPM_ARMS],
                        double threshold);

/* Makes the probabilities of each what they are worth among all, by Holm's correction; NaN
 * counts as no test. Returns 0 or -ENOMEM. */
int ipm_compare_correct(struct ipm_compared *results, size_t count);

/* Judges all of them together, with that correction. Returns 0 or -ENOMEM. */
int ipm_compare_decide(struct ipm_compared *results, size_t count, double threshold,
                       double alpha);

#endif
