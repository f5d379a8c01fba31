/* stats.c - order statistics, mean and spread of a list. */
#include "model/report/stats.h"

#include <math.h>
#include <stdlib.h>

static int stats_compare(const void *left, const void *right) {
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

double ipm_statistic_half(const struct ipm_statistic *statistic) {
    return (statistic->ci95_high - statistic->ci95_low) / 2;
}

/* Moves the known values to the front and returns their number. */
static size_t stats_known(double *values, size_t count) {
    size_t known = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i]))
            values[known++] = values[i];
    return known;
}

static double stats_median(const double *sorted, size_t count) {
    const double upper = sorted[count / 2];
    const double lower = count % 2 ? upper : sorted[count / 2 - 1];
    const double sum = lower + upper;
    return isfinite(sum) ? sum / 2 : lower / 2 + upper / 2;
}

/* Returns the rank from below, 1 or more, or 0 when there is none. Computed in logarithms,
 * because 2^-n underflows from n = 1075 on. */
static size_t stats_rank(size_t count) {
    const double n = (double)count;
    double log_probability = -n * log(2);
    double below = exp(log_probability);
    size_t rank = 0;
    while (below <= 0.025) {
        const double k = (double)rank++;
        log_probability += log((n - k) / (k + 1));
        below += exp(log_probability);
    }
    return rank;
}

/* The sum of squares is about the median, which avoids cancellation for large, close
 * values; a constant list gives the constant. */
static double stats_mean(const double *values, size_t count, double median) {
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i] - median;
    return median + sum / (double)count;
}

static double stats_stddev(const double *values, size_t count, double mean) {
    double sum = 0;
    if (count < 2)
        return NAN;
    for (size_t i = 0; i < count; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return sqrt(sum / (double)(count - 1));
}

struct ipm_statistic ipm_stats_of(double *values, size_t count) {
    struct ipm_statistic s = {.median = NAN,
                              .ci95_low = NAN,
                              .ci95_high = NAN,
                              .mean = NAN,
                              .stddev = NAN,
                              .min = NAN,
                              .max = NAN};
    s.count = stats_known(values, count);
    if (s.count == 0)
        return s;
    qsort(values, s.count, sizeof *values, stats_compare);
    s.min = values[0];
    s.max = values[s.count - 1];
    s.median = stats_median(values, s.count);
    s.mean = stats_mean(values, s.count, s.median);
    s.stddev = stats_stddev(values, s.count, s.mean);
    const size_t rank = stats_rank(s.count);
    if (rank > 0) {
        s.ci95_low = values[rank - 1];
        s.ci95_high = values[s.count - rank];
    }
    return s;
}
