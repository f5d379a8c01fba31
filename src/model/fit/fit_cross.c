/* fit_cross.c - the size at which two models give the same time. */
#include "model/fit/fit.h"

#include <stdlib.h>

/* Of the resamples, at least; the others may cross elsewhere or not at all. */
static const double cross_share = 0.95;

static double cross_of(const struct ipm_fit_line *a, const struct ipm_fit_line *b) {
    return (a->fixed_ns - b->fixed_ns) / (b->per_byte_ns - a->per_byte_ns);
}

static int cross_order(const void *left, const void *right) {
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* All models have the same rounds in the same resample. */
static bool cross_regimes(const struct ipm_fit_regime *a, const struct ipm_fit_regime *b,
                          struct ipm_estimate *ret_bytes, bool *ret_passes) {
    const double least =
        (double)(a->least_bytes > b->least_bytes ? a->least_bytes : b->least_bytes);
    const double most =
        (double)(a->most_bytes < b->most_bytes ? a->most_bytes : b->most_bytes);
    double found[IPM_FIT_RESAMPLES];
    size_t count = 0;
    const double bytes = cross_of(&a->line, &b->line);
    if (!(bytes > least && bytes < most))
        return false;
    for (size_t i = 0; i < IPM_FIT_RESAMPLES; i++) {
        const double at = cross_of(&a->resamples[i], &b->resamples[i]);
        if (at >= least && at <= most)
            found[count++] = at;
    }
    if ((double)count < cross_share * IPM_FIT_RESAMPLES)
        return false;
    qsort(found, count, sizeof *found, cross_order);
    const size_t cut = (size_t)((double)count * (1 - cross_share) / 2);
    *ret_bytes = (struct ipm_estimate){
        .value = bytes, .low = found[cut], .high = found[count - 1 - cut]};
    *ret_passes = a->line.per_byte_ns < b->line.per_byte_ns;
    return true;
}

bool ipm_fit_cross(const struct ipm_fit *a, const struct ipm_fit *b,
                   struct ipm_estimate *ret_bytes, bool *ret_passes) {
    for (size_t i = 0; i < a->regime_count; i++)
        for (size_t j = 0; j < b->regime_count; j++)
            if (cross_regimes(&a->regimes[i], &b->regimes[j], ret_bytes, ret_passes))
                return true;
    return false;
}
