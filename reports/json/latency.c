/* latency.c - latencies to JSON and back: the statistics and the histogram. The input may
 * be hostile: every bucket must be one of model/report/histogram.h, and the statistics must
 * agree with the buckets. */
#include "model/report/report.h"
#include "reports/json/codec.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* The quantiles follow from the histogram, the sum follows from the mean. */
struct latency_form {
    struct ipm_latency latency;
    struct ipm_latency_figures figures;
};

/* --- buckets ----------------------------------------------------------------------------- */

/* A histogram as it is in the document. */
struct latency_buckets {
    size_t lowers;
    size_t uppers;
    size_t counts;
    uint64_t lower_ns[IPM_HISTOGRAM_BUCKETS];
    uint64_t upper_ns[IPM_HISTOGRAM_BUCKETS];
    uint64_t count[IPM_HISTOGRAM_BUCKETS];
};

static const struct ipm_json_field rows_histogram[] = {
    FIELD_INLINE("lower_ns", array, uint, latency_buckets, lower_ns, lowers,
                 "Smallest value of each bucket.", .items_least = 1),
    FIELD_INLINE("upper_ns", array, uint, latency_buckets, upper_ns, uppers,
                 "First value above each bucket.", .least = 1, .items_least = 1),
    FIELD_INLINE("count", array, uint, latency_buckets, count, counts,
                 "Values in each bucket.", .least = 1, .items_least = 1),
};
OBJECT(histogram, "Buckets with a value in them, ascending; three arrays of one length");

static json_t *latency_write_histogram(const struct ipm_json_source *source) {
    const struct ipm_latency *latency = source->at;
    struct latency_buckets *form = calloc(1, sizeof *form);
    if (form == NULL)
        return NULL;
    form->lowers = form->uppers = form->counts = latency->bucket_count;
    for (size_t i = 0; i < latency->bucket_count; i++) {
        ipm_histogram_bounds(latency->buckets[i].index, &form->lower_ns[i],
                             &form->upper_ns[i]);
        form->count[i] = latency->buckets[i].count;
    }
    json_t *json = ipm_json_object.write(
        &(struct ipm_json_source){.field = source->field, .at = form});
    free(form);
    return json;
}

/* Takes the buckets, which must be valid and ascending. */
static int latency_take_buckets(struct ipm_json_reading *reading,
                                const struct latency_buckets *form,
                                struct ipm_latency *latency) {
    if (form->lowers != form->uppers || form->lowers != form->counts)
        return ipm_json_refuse(reading, "must have arrays of one length");
    latency->buckets = calloc(form->counts, sizeof *latency->buckets);
    for (size_t i = 0; latency->buckets != NULL && i < form->counts; i++) {
        const size_t index = ipm_histogram_index(form->lower_ns[i]);
        uint64_t lower_ns;
        uint64_t upper_ns;
        ipm_histogram_bounds(index, &lower_ns, &upper_ns);
        if (lower_ns != form->lower_ns[i] || upper_ns != form->upper_ns[i])
            return ipm_json_refuse(reading, "has no such bucket as its number %zu", i);
        if (i > 0 && latency->buckets[i - 1].index >= index)
            return ipm_json_refuse(reading, "must have its buckets in ascending order");
        latency->buckets[latency->bucket_count++] =
            (struct ipm_bucket){.count = form->count[i], .index = (uint32_t)index};
    }
    return latency->buckets != NULL ? 0 : -ENOMEM;
}

/* Call ipm_latency_done afterwards, also on error. */
static int latency_read_histogram(const struct ipm_json_target *target,
                                  const char *value) {
    struct latency_buckets *form = calloc(1, sizeof *form);
    int code = form != NULL
                   ? ipm_json_read_fields(target->reading, &of_histogram, value, form)
                   : -ENOMEM;
    if (code == 0)
        code = latency_take_buckets(target->reading, form, target->at);
    free(form);
    return code;
}

static const struct ipm_json_codec ipm_json_histogram = {.write = latency_write_histogram,
                                                         .read = latency_read_histogram};

/* --- the figures ------------------------------------------------------------------------- */

#define LATENCY_QUANTILE(name, share)                                                    \
    FIELD_AS(#name, number, latency_form, figures.name,                                  \
             "The middle of the histogram's bucket up to which " share                   \
             " of the values are, never outside min and max.",                           \
             .derived = true)
#define LATENCY_FIGURES                                                                  \
    FIELD_AS("min", uint, latency_form, latency.min_ns, "Smallest; exact."),             \
        LATENCY_QUANTILE(p50, "half"), LATENCY_QUANTILE(p90, "90 %"),                    \
        LATENCY_QUANTILE(p99, "99 %"), LATENCY_QUANTILE(p99_9, "99.9 %"),                \
        LATENCY_QUANTILE(p99_99, "99.99 %"),                                             \
        FIELD_AS("max", uint, latency_form, latency.max_ns, "Largest; exact."),          \
        FIELD_AS("mean", number, latency_form, figures.mean,                             \
                 "Sum by count, both exact."),                                           \
        FIELD_AS("count", uint, latency_form, latency.count, "How many were timed.",     \
                 .least = 1)

static const struct ipm_json_field rows_latency_figures[] = {LATENCY_FIGURES};
OBJECT_SHARED(latency_figures, "Latencies of all trials of a case");

static const struct ipm_json_field rows_latency[] = {
    LATENCY_FIGURES,
    FIELD_AS("histogram", histogram, latency_form, latency,
             "What the figures are made of.", .object = &of_histogram),
};
OBJECT_SHARED(latency, "Latencies of one trial");

static json_t *latency_write(const struct ipm_json_source *source) {
    const struct ipm_latency *latency = source->at;
    const struct latency_form form = {.latency = *latency,
                                      .figures = ipm_latency_figures_of(latency)};
    const struct ipm_json_source whole = {.field = source->field, .at = &form};
    return latency->count == 0 ? json_null() : ipm_json_object.write(&whole);
}

/* Returns the sum, which cannot overflow: there are at most IPM_HISTOGRAM_BUCKETS counts of
 * at most IPM_JSON_MOST, and the sum is compared after each. */
static bool latency_counts_agree(const struct ipm_latency *latency) {
    uint64_t sum = 0;
    for (size_t i = 0; i < latency->bucket_count && sum <= latency->count; i++)
        sum += latency->buckets[i].count;
    return sum == latency->count;
}

/* Whether min is in the first bucket and max in the last one. Their order follows from the
 * mean between them. */
static bool latency_extremes_agree(const struct ipm_latency *latency) {
    return ipm_histogram_index(latency->min_ns) == latency->buckets[0].index &&
           ipm_histogram_index(latency->max_ns) ==
               latency->buckets[latency->bucket_count - 1].index;
}

static int latency_check(struct ipm_json_reading *reading,
                         const struct ipm_latency *latency, double mean) {
    const uint64_t most = IPM_JSON_MOST;
    if (!latency_counts_agree(latency))
        return ipm_json_refuse(reading, "has another count than its histogram");
    if (!latency_extremes_agree(latency))
        return ipm_json_refuse(reading, "has a min or max outside of its histogram");
    if (!(mean >= (double)latency->min_ns && mean <= (double)latency->max_ns))
        return ipm_json_refuse(reading, "has a mean that is not between min and max");
    if (!(mean * (double)latency->count <= (double)most))
        return ipm_json_refuse(reading, "has a sum that is out of range");
    return 0;
}

/* The sum is exact below 2^51 ns, which is 26 days. */
static int latency_read(const struct ipm_json_target *target, const char *value) {
    struct latency_form form = {.latency = {0}};
    int code = ipm_json_read_fields(target->reading, target->field->object, value, &form);
    if (code == 0)
        code = latency_check(target->reading, &form.latency, form.figures.mean);
    if (code != 0) {
        ipm_latency_done(&form.latency);
        return code;
    }
    form.latency.sum_ns =
        (uint64_t)llround(form.figures.mean * (double)form.latency.count);
    *(struct ipm_latency *)target->at = form.latency;
    return 0;
}

const struct ipm_json_codec ipm_json_latency = {
    .write = latency_write, .read = latency_read, .nullable = true};
