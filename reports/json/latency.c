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
    double mean;
    double quantiles[IPM_METRICS]; /* of the metrics that are quantiles */
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

/* Copies the buckets, which must be valid and ascending. */
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
    struct latency_buckets *form =
        malloc(sizeof *form); /* too large to clear each time */
    if (form == NULL)
        return -ENOMEM;
    form->lowers = form->uppers = form->counts = 0;
    int code = ipm_json_read_fields(target->reading, &of_histogram, value, form);
    if (code == 0)
        code = latency_take_buckets(target->reading, form, target->at);
    free(form);
    return code;
}

static CODEC(histogram, .write = latency_write_histogram, .read = latency_read_histogram);

/* --- the figures ------------------------------------------------------------------------- */

static bool latency_make_quantile(size_t number, struct ipm_json_field *ret_field) {
    size_t m = 0;
    while (m < IPM_METRICS && (ipm_metrics[m].quantile <= 0 || number-- > 0))
        m++;
    if (m < IPM_METRICS)
        *ret_field = (struct ipm_json_field){
            .key = ipm_metrics[m].word,
            .doc = ipm_metrics[m].doc,
            .codec = &ipm_json_number,
            .offset = offsetof(struct latency_form, quantiles[0]) + m * sizeof(double),
            .size = sizeof(double),
            .derived = true};
    return m < IPM_METRICS;
}

#define LATENCY_FIGURES                                                                  \
    FIELD_AS("min", uint, latency_form, latency.min_ns, "Smallest; exact."),             \
        {.make = latency_make_quantile},                                                 \
        FIELD_AS("max", uint, latency_form, latency.max_ns, "Largest; exact."),          \
        FIELD(number, latency_form, mean, "Sum by count, both exact."),                  \
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
    struct latency_form form = {.latency = *latency, .mean = ipm_latency_mean(latency)};
    for (size_t m = 0; m < IPM_METRICS; m++)
        form.quantiles[m] = ipm_latency_quantile(latency, ipm_metrics[m].quantile);
    const struct ipm_json_source whole = {.field = source->field, .at = &form};
    return latency->count == 0 ? json_null() : ipm_json_object.write(&whole);
}

/* The sum cannot overflow: each of the counts is at most IPM_JSON_MOST, and the sum is
 * compared after each. */
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
        code = latency_check(target->reading, &form.latency, form.mean);
    if (code != 0) {
        ipm_latency_done(&form.latency);
        return code;
    }
    form.latency.sum_ns = (uint64_t)llround(form.mean * (double)form.latency.count);
    *(struct ipm_latency *)target->at = form.latency;
    return 0;
}

CODEC(latency, .write = latency_write, .read = latency_read, .nullable = true);
