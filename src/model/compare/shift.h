/* shift.h - by how much one list of values is above another: an estimate, an interval, a
 * test. Nothing is paired, and nothing is assumed of the distribution. Pure arithmetic. */
#ifndef IPM_MODEL_COMPARE_SHIFT_H
#define IPM_MODEL_COMPARE_SHIFT_H

#include <stddef.h>

/* Of a longer list as many are taken, evenly spread: they say as much, and counting what
 * ranks can do takes time with the fourth power of them. */
enum { IPM_SHIFT_MOST = 40 };

struct ipm_shift {
    double median; /* of all differences b - a (Hodges and Lehmann 1963) */
    double low;    /* 95 %; NaN where the lists are too short for one */
    double high;
    double p_up; /* one-sided, of the rank-sum test: that b is above a by chance */
    double p_down;
};

/* NaN values must be left out before. NaN in every member when a list is empty. Returns 0 or
 * -ENOMEM. */
int ipm_shift_of(struct ipm_shift *ret_shift, const double *a, size_t a_count,
                 const double *b, size_t b_count);

#endif
