/* fit.h - the cost model t = a + b n: the time of a message as a fixed part and a part per
 * byte (Hockney 1994). Pure arithmetic.
 *
 * The lines are relative least squares over the medians of the sizes, with a and b not
 * below 0: an error of 5 % counts alike at 64 B and at 1 MiB. Intervals are those of a
 * bootstrap over the rounds, all sizes of a round together, because drift affects them
 * together. */
#ifndef IPM_MODEL_FIT_FIT_H
#define IPM_MODEL_FIT_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IPM_FIT_SIZES_LEAST = 3, /* of a line: two points lie on a line always */
    IPM_FIT_REGIMES_MOST = 2,
    IPM_FIT_RESAMPLES = 200,
};

/* There is no model where a size is farther from its line: 0.15 is 15 %. */
#define IPM_FIT_RESIDUAL_MOST 0.15

/* A value and its 95 % interval. */
struct ipm_estimate {
    double value;
    double low;
    double high;
};

struct ipm_fit_line {
    double fixed_ns;
    double per_byte_ns;
};

/* A range of sizes with one line. */
struct ipm_fit_regime {
    uint64_t least_bytes;
    uint64_t most_bytes;
    struct ipm_fit_line line;
    struct ipm_estimate fixed_ns;
    struct ipm_estimate per_byte_ns;
    struct ipm_estimate half_bytes; /* a/b: half of the final bandwidth; NaN: b is 0 */
    struct ipm_fit_line resamples[IPM_FIT_RESAMPLES];
};

struct ipm_fit {
    size_t size_count;
    double residual_ratio; /* the largest over the sizes; NaN: too few sizes */
    size_t regime_count;   /* 0: no model */
    struct ipm_fit_regime regimes[IPM_FIT_REGIMES_MOST];
};

/* times[s * round_count + r] is the time of a message of size s in round r; NaN: unknown. */
struct ipm_fit_data {
    size_t size_count;
    const uint64_t *sizes; /* ascending */
    size_t round_count;
    const double *times;
};

/* Makes the model. There are two regimes where they pay: one line misses the 95 % interval
 * of the median of a size by more than 5 %, and two lines, each of three sizes or more,
 * halve the largest residual. The time is linear in the number of times. Returns 0 or
 * -ENOMEM. */
int ipm_fit_of(struct ipm_fit *ret_fit, const struct ipm_fit_data *data);

/* Computes the time of a message of that size. The interval is widened by the largest
 * residual, because the bootstrap sees noise and not what the line misses. Returns false
 * where the model has no answer: beyond the sizes, or between two regimes. */
bool ipm_fit_at(const struct ipm_fit *fit, uint64_t bytes,
                struct ipm_estimate *ret_time_ns);

/* Computes the size at which both models of one report give the same time, inside what was
 * measured of both, and whether the first needs less time beyond it. Returns false where there is
 * none, or noise could move it out of there. */
bool ipm_fit_cross(const struct ipm_fit *a, const struct ipm_fit *b,
                   struct ipm_estimate *ret_bytes, bool *ret_passes);

#endif
