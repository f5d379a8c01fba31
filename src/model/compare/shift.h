/* shift.h - estimate, interval and test of the shift between two lists of values, unpaired
 * and without assumptions about the distribution. Pure arithmetic. */
#ifndef IPM_MODEL_COMPARE_SHIFT_H
#define IPM_MODEL_COMPARE_SHIFT_H

#include "model/compare/rank.h"

#include <stddef.h>

/* Of a longer list, this many evenly spread values are used, because the time grows with
 * the fourth power of the number. */
enum { IPM_SHIFT_MOST = 40 };

struct ipm_shift {
    double median; /* of all differences b - a (Hodges and Lehmann 1963) */
    double low;    /* 95 %; NaN where the lists are too short */
    double high;
    double p_up; /* one-sided rank-sum test: probability that b is above a by chance */
    double p_down;
};

/* NaN values are left out. All members are NaN when a list is empty. Returns 0 or -ENOMEM. */
int ipm_shift_of(struct ipm_shift *ret_shift, struct ipm_rank_cache *cache,
                 const double *a, size_t a_count, const double *b, size_t b_count);

#endif
