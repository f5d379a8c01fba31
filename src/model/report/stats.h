/* stats.h - median, interval and other statistics of samples. Pure arithmetic.
 *
 * Unknown is NaN here and null in the report. The interval of the median consists of order
 * statistics (Conover 1999, 3.2: the smallest rank r with P(Bin(n, 1/2) <= r) > 0.025), so
 * it assumes nothing about the distribution; it is unknown below n = 6, where no pair of
 * order statistics covers 95 %. */
#ifndef IPM_MODEL_REPORT_STATS_H
#define IPM_MODEL_REPORT_STATS_H

#include <stddef.h>

struct ipm_statistic {
    double median; /* mean of the two middle values when count is even */
    double ci95_low;
    double ci95_high;
    double mean;
    double stddev; /* of the sample (n - 1); unknown when count is 1 */
    double min;
    double max;
    size_t count; /* of known values; NaN values are left out */
};

/* Returns half the width of the 95 % interval. */
double ipm_statistic_half(const struct ipm_statistic *statistic);

/* Sorts values in place. An empty list gives NaN in every member and count 0. */
struct ipm_statistic ipm_stats_of(double *values, size_t count);

#endif
