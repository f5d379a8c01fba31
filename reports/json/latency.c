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

/* A bucket as it is in the document. */
struct latency_bucket {
    uint64_t lower_ns;
    uint64_t upper_ns;
    uint64_t count;
};

static const struct ipm_json_field rows_histogram[] = {
    FIELD(uint, latency_bucket, lower_ns, "Smallest value of each bucket."),
    FIELD(uint, latency_bucket, upper_ns, "First value above each bucket.", .least = 1),
    FIELD(uint, latency_bucket, count, "Values in each bucket.", .least = 1),
};
OBJECT(histogram, "Buckets with a value in them, ascending; three arrays of one length",
       .arrays_most = IPM_HISTOGRAM_BUCKETS);

static struct latency_bucket latency_bucket_of(const struct ipm_bucket *bucket) {
    struct latency_bucket form = {.count = bucket->count};
    ipm_histogram_bounds(bucket->index, &form.lower_ns, &form.upper_ns);
    return form;
}

static json_t *latency_write_histogram(const struct ipm_json_source *source) {
    const struct ipm_latency *latency = source->at;
    json_t *json = json_object();
    for (size_t f = 0; json != NULL && f < of_histogram.count; f++) {
        json_t *array = json_array();
        for (size_t i = 0; array != NULL && i < latency->bucket_count; i++) {
            const struct latency_bucket form = latency_bucket_of(&latency->buckets[i]);
            ipm_json_append(&array, ipm_json_write(&rows_histogram[f], &form, NULL));
        }
        ipm_json_set(&json, rows_histogram[f].key, array);
    }
    return json;
}

/* The three members must be arrays of equal length. */
static int latency_check_arrays(struct ipm_json_reading *reading, const json_t *json) {
    const size_t count = json_array_size(json_object_get(json, rows_histogram[0].key));
    for (size_t f = 0; f < of_histogram.count; f++) {
        const json_t *array = json_object_get(json, rows_histogram[f].key);
        if (!json_is_array(array))
            return ipm_json_refuse(reading, "must have an array '%s'",
                                   rows_histogram[f].key);
        if (json_array_size(array) != count)
            return ipm_json_refuse(reading, "must have arrays of one length");
    }
    if (count == 0 || count > IPM_HISTOGRAM_BUCKETS)
        return ipm_json_refuse(reading, "must have from 1 to %d buckets",
                               IPM_HISTOGRAM_BUCKETS);
    return 0;
}

static int latency_read_bucket(struct ipm_json_reading *reading, const json_t *json,
                               size_t i, struct latency_bucket *ret_form) {
    int code = 0;
    for (size_t f = 0; code == 0 && f < of_histogram.count; f++) {
        const struct ipm_json_field *field = &rows_histogram[f];
        json_t *value = json_array_get(json_object_get(json, field->key), i);
        code =
            ipm_json_in_index(reading, i, ipm_json_read(field, value, ret_form, reading));
        code = ipm_json_in_key(reading, field->key, code);
    }
    return code;
}

/* Appends a bucket, which must be valid and follow the one before. */
static int latency_take_bucket(struct ipm_json_reading *reading,
                               const struct latency_bucket *form,
                               struct ipm_latency *latency) {
    const size_t i = latency->bucket_count;
    const struct ipm_bucket bucket = {
        .count = form->count, .index = (uint32_t)ipm_histogram_index(form->lower_ns)};
    const struct latency_bucket real = latency_bucket_of(&bucket);
    if (real.lower_ns != form->lower_ns || real.upper_ns != form->upper_ns)
        return ipm_json_refuse(reading, "has no such bucket as its number %zu", i);
    if (i > 0 && latency->buckets[i - 1].index >= bucket.index)
        return ipm_json_refuse(reading, "must have its buckets in ascending order");
    latency->buckets[latency->bucket_count++] = bucket;
    return 0;
}

/* Call ipm_latency_done afterwards, also on error. */
static int latency_read_histogram(const struct ipm_json_target *target, json_t *value) {
    struct ipm_latency *latency = target->at;
    int code = json_is_object(value)
                   ? latency_check_arrays(target->reading, value)
                   : ipm_json_refuse(target->reading, "must be an object");
    if (code != 0)
        return code;
    const size_t count = json_array_size(json_object_get(value, rows_histogram[0].key));
    latency->buckets = calloc(count, sizeof *latency->buckets);
    if (latency->buckets == NULL)
        return -ENOMEM;
    for (size_t i = 0; code == 0 && i < count; i++) {
        struct latency_bucket form = {0};
        code = latency_read_bucket(target->reading, value, i, &form);
        if (code == 0)
            code = latency_take_bucket(target->reading, &form, latency);
    }
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
static int latency_read(const struct ipm_json_target *target, json_t *value) {
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
