/* histogram.c - log-linear buckets and quantiles. */
#include "model/report/histogram.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

void ipm_histogram_bounds(size_t index, uint64_t *ret_lower_ns, uint64_t *ret_upper_ns) {
    const size_t cut = 1u << IPM_HISTOGRAM_CUT_BITS;
    const size_t shift = index < 2 * cut ? 0 : (index >> IPM_HISTOGRAM_CUT_BITS) - 1;
    const uint64_t base = index - (shift << IPM_HISTOGRAM_CUT_BITS);
    *ret_lower_ns = base << shift;
    *ret_upper_ns = (base + 1) << shift;
}

static size_t histogram_used(const struct ipm_histogram *histogram) {
    size_t used = 0;
    for (size_t i = 0; i < IPM_HISTOGRAM_BUCKETS; i++)
        used += histogram->buckets[i] > 0;
    return used;
}

int ipm_latency_take(struct ipm_latency *ret_latency,
                     const struct ipm_histogram *histogram) {
    struct ipm_latency latency = {.count = histogram->count,
                                  .min_ns = histogram->min_ns,
                                  .max_ns = histogram->max_ns,
                                  .sum_ns = histogram->sum_ns};
    latency.buckets = calloc(histogram_used(histogram) + 1, sizeof *latency.buckets);
    if (!latency.buckets)
        return -ENOMEM;
    for (uint32_t i = 0; i < IPM_HISTOGRAM_BUCKETS; i++)
        if (histogram->buckets[i] > 0)
            latency.buckets[latency.bucket_count++] =
                (struct ipm_bucket){.count = histogram->buckets[i], .index = i};
    *ret_latency = latency;
    return 0;
}

static void histogram_add_extremes(struct ipm_histogram *histogram, uint64_t count,
                                   uint64_t min_ns, uint64_t max_ns, uint64_t sum_ns) {
    if (count == 0)
        return;
    if (histogram->count == 0 || min_ns < histogram->min_ns)
        histogram->min_ns = min_ns;
    if (max_ns > histogram->max_ns)
        histogram->max_ns = max_ns;
    histogram->count += count;
    histogram->sum_ns += sum_ns;
}

void ipm_histogram_add_latency(struct ipm_histogram *histogram,
                               const struct ipm_latency *latency) {
    for (size_t i = 0; i < latency->bucket_count; i++)
        histogram->buckets[latency->buckets[i].index] += latency->buckets[i].count;
    histogram_add_extremes(histogram, latency->count, latency->min_ns, latency->max_ns,
                           latency->sum_ns);
}

void ipm_histogram_add(struct ipm_histogram *histogram,
                       const struct ipm_histogram *more) {
    for (size_t i = 0; i < IPM_HISTOGRAM_BUCKETS; i++)
        histogram->buckets[i] += more->buckets[i];
    histogram_add_extremes(histogram, more->count, more->min_ns, more->max_ns,
                           more->sum_ns);
}

void ipm_latency_done(struct ipm_latency *latency) {
    free(latency->buckets);
    *latency = (struct ipm_latency){0};
}

static double latency_middle(const struct ipm_latency *latency, size_t index) {
    uint64_t lower_ns;
    uint64_t upper_ns;
    ipm_histogram_bounds(index, &lower_ns, &upper_ns);
    const double middle = ((double)lower_ns + (double)(upper_ns - 1)) / 2;
    return fmin(fmax(middle, (double)latency->min_ns), (double)latency->max_ns);
}

/* 0.9 is no exact double, and its product may exceed the intended whole number: the
 * rounding error of both is subtracted before rounding up. */
static double latency_rank(const struct ipm_latency *latency, double ratio) {
    const double exact = ratio * (double)latency->count;
    return fmax(1, ceil(exact * (1 - 2 * DBL_EPSILON)));
}

double ipm_latency_quantile(const struct ipm_latency *latency, double ratio) {
    const double rank = latency_rank(latency, ratio);
    uint64_t below = 0;
    for (size_t i = 0; i < latency->bucket_count; i++) {
        below += latency->buckets[i].count;
        if ((double)below >= rank)
            return latency_middle(latency, latency->buckets[i].index);
    }
    return NAN;
}

/* A mean of large numbers may be rounded beyond them. */
double ipm_latency_mean(const struct ipm_latency *latency) {
    const double mean = (double)latency->sum_ns / (double)latency->count;
    return latency->count == 0
               ? NAN
               : fmin(fmax(mean, (double)latency->min_ns), (double)latency->max_ns);
}
