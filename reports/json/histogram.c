/* histogram.c - the buckets of latencies to JSON and back. What is read may be made to
 * harm: every bucket must be one that the scheme of model/report/histogram.h has. */
#include "model/report/histogram.h"
#include "reports/json/codec.h"

#include <stdlib.h>

enum { HISTOGRAM_LOWER, HISTOGRAM_UPPER, HISTOGRAM_COUNT, HISTOGRAM_ARRAYS };

static const char *const histogram_keys[] = {
    [HISTOGRAM_LOWER] = "lower_ns",
    [HISTOGRAM_UPPER] = "upper_ns",
    [HISTOGRAM_COUNT] = "count",
};

struct histogram_row {
    uint64_t numbers[HISTOGRAM_ARRAYS];
};

static struct histogram_row histogram_row_of(const struct ipm_bucket *bucket) {
    struct histogram_row row;
    ipm_histogram_bounds(bucket->index, &row.numbers[HISTOGRAM_LOWER],
                         &row.numbers[HISTOGRAM_UPPER]);
    row.numbers[HISTOGRAM_COUNT] = bucket->count;
    return row;
}

static json_t *histogram_write_array(const struct ipm_latency *latency, int which) {
    static const struct ipm_json_field plain = {.key = ""};
    json_t *array = json_array();
    for (size_t i = 0; array != NULL && i < latency->bucket_count; i++) {
        struct histogram_row row = histogram_row_of(&latency->buckets[i]);
        json_t *number = ipm_json_uint.write(&plain, &row.numbers[which], NULL);
        if (json_array_append_new(array, number) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *histogram_write(const struct ipm_json_field *field, const void *at,
                               const struct ipm_report *report) {
    (void)field;
    (void)report;
    json_t *object = json_object();
    for (int which = 0; object != NULL && which < HISTOGRAM_ARRAYS; which++) {
        json_t *array = histogram_write_array(at, which);
        if (json_object_set_new(object, histogram_keys[which], array) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

/* Borrows the arrays from value once they are arrays of one length. */
static int histogram_find_arrays(struct ipm_json_reading *reading, const json_t *value,
                                 const json_t *ret_arrays[HISTOGRAM_ARRAYS]) {
    if (!json_is_object(value)) {
        return ipm_json_refuse(reading, "must be an object");
    }
    for (int which = 0; which < HISTOGRAM_ARRAYS; which++) {
        const json_t *array = json_object_get(value, histogram_keys[which]);
        ret_arrays[which] = array;
        if (!json_is_array(array)) {
            return ipm_json_refuse(reading, "must have an array '%s'",
                                   histogram_keys[which]);
        }
        if (json_array_size(array) != json_array_size(ret_arrays[0])) {
            return ipm_json_refuse(reading, "must have arrays of one length");
        }
    }
    size_t count = json_array_size(ret_arrays[0]);
    if (count == 0 || count > IPM_HISTOGRAM_BUCKETS) {
        return ipm_json_refuse(reading, "must have from 1 to %d buckets",
                               IPM_HISTOGRAM_BUCKETS);
    }
    return 0;
}

static int histogram_read_row(struct ipm_json_reading *reading,
                              const json_t *const arrays[HISTOGRAM_ARRAYS], size_t i,
                              struct histogram_row *ret_row) {
    static const struct ipm_json_field limits[] = {
        [HISTOGRAM_LOWER] = {.least = 0},
        [HISTOGRAM_UPPER] = {.least = 1},
        [HISTOGRAM_COUNT] = {.least = 1},
    };
    int code = 0;
    for (int which = 0; code == 0 && which < HISTOGRAM_ARRAYS; which++) {
        size_t mark = ipm_json_enter_key(reading, histogram_keys[which]);
        (void)ipm_json_enter_index(reading, i);
        code =
            ipm_json_uint.read(reading, &limits[which], json_array_get(arrays[which], i),
                               &ret_row->numbers[which]);
        if (code == 0) {
            ipm_json_leave(reading, mark);
        }
    }
    return code;
}

/* A bucket of the scheme, and behind the one before. */
static int histogram_check_row(struct ipm_json_reading *reading,
                               const struct ipm_latency *latency,
                               const struct histogram_row *row,
                               struct ipm_bucket *ret_bucket) {
    struct ipm_bucket bucket = {
        .count = row->numbers[HISTOGRAM_COUNT],
        .index = (uint32_t)ipm_histogram_index(row->numbers[HISTOGRAM_LOWER]),
    };
    struct histogram_row real = histogram_row_of(&bucket);
    size_t i = latency->bucket_count;
    if (real.numbers[HISTOGRAM_LOWER] != row->numbers[HISTOGRAM_LOWER] ||
        real.numbers[HISTOGRAM_UPPER] != row->numbers[HISTOGRAM_UPPER]) {
        return ipm_json_refuse(reading, "has no such bucket as its number %zu", i);
    }
    if (i > 0 && latency->buckets[i - 1].index >= bucket.index) {
        return ipm_json_refuse(reading, "must have its buckets in ascending order");
    }
    *ret_bucket = bucket;
    return 0;
}

static int histogram_read_buckets(struct ipm_json_reading *reading,
                                  const json_t *const arrays[HISTOGRAM_ARRAYS],
                                  struct ipm_latency *latency) {
    size_t count = json_array_size(arrays[0]);
    while (latency->bucket_count < count) {
        struct ipm_bucket *bucket = &latency->buckets[latency->bucket_count];
        struct histogram_row row = {{0}};
        int code = histogram_read_row(reading, arrays, latency->bucket_count, &row);
        code = code == 0 ? histogram_check_row(reading, latency, &row, bucket) : code;
        if (code != 0) {
            return code;
        }
        latency->bucket_count++;
    }
    return 0;
}

static int histogram_read(struct ipm_json_reading *reading,
                          const struct ipm_json_field *field, json_t *value, void *at) {
    (void)field;
    struct ipm_latency *latency = at;
    const json_t *arrays[HISTOGRAM_ARRAYS] = {NULL};
    int code = histogram_find_arrays(reading, value, arrays);
    if (code != 0) {
        return code;
    }
    latency->buckets = calloc(json_array_size(arrays[0]), sizeof *latency->buckets);
    return latency->buckets == NULL ? ipm_json_no_memory(reading)
                                    : histogram_read_buckets(reading, arrays, latency);
}

const struct ipm_json_codec ipm_json_histogram = {.write = histogram_write,
                                                  .read = histogram_read};
