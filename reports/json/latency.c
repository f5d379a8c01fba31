/* latency.c - latencies to JSON and back: the figures, and the histogram that they are
 * made of. What is read may be made to harm, so the two must agree. */
#include "model/report/report.h"
#include "reports/json/fields.h"

#include <assert.h>
#include <math.h>

/* What stands in the document. p50 and the like follow from the histogram. */
struct latency_form {
    uint64_t min;
    uint64_t max;
    uint64_t count;
    double mean;
    struct ipm_latency_figures figures;
    struct ipm_latency latency; /* the reader fills the buckets of it */
};

/* --- the figures ------------------------------------------------------------------------ */

#define FIELDS_FIGURES                                                                   \
    {FIELD(ipm_json_uint, latency_form, min)},                                           \
        {FIELD_AS("p50", ipm_json_derived_real, latency_form, figures.p50)},             \
        {FIELD_AS("p90", ipm_json_derived_real, latency_form, figures.p90)},             \
        {FIELD_AS("p99", ipm_json_derived_real, latency_form, figures.p99)},             \
        {FIELD_AS("p99_9", ipm_json_derived_real, latency_form, figures.p99_9)},         \
        {FIELD_AS("p99_99", ipm_json_derived_real, latency_form, figures.p99_99)},       \
        {FIELD(ipm_json_uint, latency_form, max)},                                       \
        {FIELD(ipm_json_real, latency_form, mean)}, {                                    \
        FIELD(ipm_json_uint, latency_form, count), .least = 1                            \
    }

static const struct ipm_json_field latency_fields_figures[] = {
    FIELDS_FIGURES,
    {.key = NULL},
};

const struct ipm_json_field ipm_json_fields_latency[] = {
    FIELDS_FIGURES,
    {FIELD_AS("histogram", ipm_json_histogram, latency_form, latency)},
    {.key = NULL},
};

static struct latency_form latency_form_of(const struct ipm_latency *latency) {
    struct latency_form form = {.min = latency->min_ns,
                                .max = latency->max_ns,
                                .count = latency->count,
                                .figures = ipm_latency_figures_of(latency),
                                .latency = *latency};
    form.mean = form.figures.mean;
    return form;
}

static json_t *latency_write_as(const struct ipm_json_field *fields, const void *at,
                                const struct ipm_report *report) {
    const struct ipm_latency *latency = at;
    if (latency->count == 0) {
        return json_null();
    }
    const struct latency_form form = latency_form_of(latency);
    json_t *object = json_object();
    if (object != NULL && ipm_json_write_fields(object, fields, &form, report) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *latency_write(const struct ipm_json_field *field, const void *at,
                             const struct ipm_report *report) {
    return latency_write_as(field->fields, at, report);
}

static json_t *latency_write_derived(const struct ipm_json_field *field, const void *at,
                                     const struct ipm_report *report) {
    (void)field;
    return latency_write_as(latency_fields_figures, at, report);
}

/* --- reading it all --------------------------------------------------------------------- */

/* Cannot overflow: each of at most IPM_HISTOGRAM_BUCKETS counts is at most IPM_JSON_MOST,
 * and the sum is looked at after every one. */
static bool latency_counts_agree(const struct latency_form *form) {
    uint64_t sum = 0;
    for (size_t i = 0; i < form->latency.bucket_count; i++) {
        sum += form->latency.buckets[i].count;
        if (sum > form->count) {
            return false;
        }
    }
    return sum == form->count;
}

/* The smallest lies in the first bucket and the largest in the last one. That they are in
 * order follows from the mean between them. */
static bool latency_extremes_agree(const struct latency_form *form) {
    const struct ipm_latency *latency = &form->latency;
    assert(latency->bucket_count > 0);
    return ipm_histogram_index(form->min) == latency->buckets[0].index &&
           ipm_histogram_index(form->max) ==
               latency->buckets[latency->bucket_count - 1].index;
}

static int latency_check(struct ipm_json_reading *reading,
                         const struct latency_form *form) {
    const double sum = form->mean * (double)form->count;
    const uint64_t most = IPM_JSON_MOST;
    if (!latency_counts_agree(form)) {
        return ipm_json_refuse(reading, "has another count than its histogram");
    }
    if (!latency_extremes_agree(form)) {
        return ipm_json_refuse(reading, "has a min or max outside of its histogram");
    }
    if (!(form->mean >= (double)form->min && form->mean <= (double)form->max)) {
        return ipm_json_refuse(reading, "has a mean that is not between min and max");
    }
    if (!(sum <= (double)most)) {
        return ipm_json_refuse(reading, "has a sum that is out of range");
    }
    return 0;
}

/* The sum comes back exactly as long as it is below 2^51 ns, which is 26 days. */
static void latency_take(struct ipm_latency *latency, const struct latency_form *form) {
    *latency = form->latency;
    latency->count = form->count;
    latency->min_ns = form->min;
    latency->max_ns = form->max;
    latency->sum_ns = (uint64_t)llround(form->mean * (double)form->count);
}

static int latency_read(struct ipm_json_reading *reading,
                        const struct ipm_json_field *field, json_t *value, void *at) {
    struct latency_form form = {.count = 0};
    if (json_is_null(value)) {
        return 0;
    }
    int code = ipm_json_read_fields(reading, field->fields, value, &form);
    code = code == 0 ? latency_check(reading, &form) : code;
    if (code != 0) {
        ipm_latency_done(&form.latency);
        return code;
    }
    latency_take(at, &form);
    return 0;
}

const struct ipm_json_codec ipm_json_latency = {.write = latency_write,
                                                .read = latency_read};
const struct ipm_json_codec ipm_json_derived_latency = {.write = latency_write_derived};
