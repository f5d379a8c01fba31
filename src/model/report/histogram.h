/* histogram.h - latencies in log-linear buckets: recorded dense, kept sparse.
 *
 * Below 128 ns each bucket is 1 ns wide; above, each power of two is cut into 64 buckets of
 * equal width (the scheme of HdrHistogram). The middle of a bucket is at most 1/128 = 0.8 %
 * away from what was recorded. Values beyond the last bucket (73 minutes) count in it. */
#ifndef IPM_MODEL_REPORT_HISTOGRAM_H
#define IPM_MODEL_REPORT_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

enum {
    IPM_HISTOGRAM_CUT_BITS = 6, /* 64 buckets a power of two */
    IPM_HISTOGRAM_TOP_BITS = 42,
    IPM_HISTOGRAM_BUCKETS = (IPM_HISTOGRAM_TOP_BITS - IPM_HISTOGRAM_CUT_BITS + 1)
                            << IPM_HISTOGRAM_CUT_BITS,
};

/* 19 KiB of plain data, which may be in shared memory. Zeroed is empty. */
struct ipm_histogram {
    uint64_t count;
    uint64_t min_ns; /* exact, and so is max_ns; 0 while empty */
    uint64_t max_ns;
    uint64_t sum_ns;
    uint64_t buckets[IPM_HISTOGRAM_BUCKETS];
};

/* Returns the bucket of a value. Called in the measured window. */
static inline size_t ipm_histogram_index(uint64_t ns) {
    const uint64_t cut = 1u << IPM_HISTOGRAM_CUT_BITS;
    if (ns < 2 * cut)
        return (size_t)ns;
    const unsigned shift = 63u - (unsigned)__builtin_clzll(ns) - IPM_HISTOGRAM_CUT_BITS;
    const size_t index = (size_t)((shift << IPM_HISTOGRAM_CUT_BITS) + (ns >> shift));
    return index < IPM_HISTOGRAM_BUCKETS ? index : IPM_HISTOGRAM_BUCKETS - 1;
}

/* Records a value. Called in the measured window: the only branches are for the extremes. */
static inline void ipm_histogram_record(struct ipm_histogram *histogram, uint64_t ns) {
    histogram->buckets[ipm_histogram_index(ns)]++;
    histogram->sum_ns += ns;
    if (ns < histogram->min_ns || histogram->count == 0)
        histogram->min_ns = ns;
    if (ns > histogram->max_ns)
        histogram->max_ns = ns;
    histogram->count++;
}

/* Returns the range of a bucket: lower_ns <= value < upper_ns. */
void ipm_histogram_bounds(size_t index, uint64_t *ret_lower_ns, uint64_t *ret_upper_ns);

struct ipm_bucket {
    uint64_t count;
    uint32_t index;
};

/* A histogram without its empty buckets. Zeroed is empty. */
struct ipm_latency {
    uint64_t count;
    uint64_t min_ns;
    uint64_t max_ns;
    uint64_t sum_ns;
    size_t bucket_count;
    struct ipm_bucket *buckets; /* by index, ascending; on the heap */
};

/* Fills a sparse histogram from a dense one. Returns 0 or -ENOMEM. */
int ipm_latency_take(struct ipm_latency *ret_latency,
                     const struct ipm_histogram *histogram);

/* Adds a sparse histogram to a dense one, and a dense one to another. */
void ipm_histogram_add_latency(struct ipm_histogram *histogram,
                               const struct ipm_latency *latency);
void ipm_histogram_add(struct ipm_histogram *histogram, const struct ipm_histogram *more);

void ipm_latency_done(struct ipm_latency *latency);

/* Returns the middle of the first bucket up to which at least `ratio` of the values are
 * (nearest rank), but never a value outside min and max. */
double ipm_latency_quantile(const struct ipm_latency *latency, double ratio);

/* Returns the mean; NaN where nothing was recorded. */
double ipm_latency_mean(const struct ipm_latency *latency);

#endif
