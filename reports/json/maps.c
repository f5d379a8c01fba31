/* maps.c - the items of maps: facts of a transport, mitigations of a CPU, labels of a run,
 * the speed of memcpy by size. */
#include "base/cell.h"
#include "base/facts.h"
#include "model/report/report.h"
#include "reports/json/codec.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Keys of both maps have the same size: nested.c copies them. */
_Static_assert((int)IPM_FACT_KEY_BYTES == (int)IPM_NAME_BYTES, "keys of maps");

/* -1 is unknown (model/report/report.h); "" is the known name of an unnamed socket. */
static json_t *maps_write_fact(const struct ipm_json_source *source) {
    const struct ipm_fact *fact = source->at;
    const bool exact =
        fact->number <= (int64_t)IPM_JSON_MOST && fact->number >= -(int64_t)IPM_JSON_MOST;
    if (fact->kind == IPM_FACT_TEXT)
        return ipm_json_mended(fact->text, sizeof fact->text);
    if (!exact) /* other programs would round it */
        return json_sprintf("%" PRId64, fact->number);
    return fact->number == -1 ? json_null() : json_integer(fact->number);
}

static int maps_read_fact(const struct ipm_json_target *target, const char *value) {
    struct ipm_fact *fact = target->at;
    fact->kind = *value == '"' ? IPM_FACT_TEXT : IPM_FACT_NUMBER;
    fact->number = -1;
    if (*value == '"')
        return ipm_json_read_text(target, value, fact->text, sizeof fact->text);
    if (*value != 'n' && !ipm_json_whole_of(value, &fact->number))
        return ipm_json_refuse(target->reading,
                               "must be a string, a whole number or null");
    return 0;
}

static json_t *maps_write_text(const struct ipm_json_source *source) {
    const struct ipm_named_text *named = source->at;
    return ipm_json_mended(named->text, sizeof named->text);
}

static int maps_read_text(const struct ipm_json_target *target, const char *value) {
    struct ipm_named_text *named = target->at;
    return ipm_json_read_text(target, value, named->text, sizeof named->text);
}

static struct ipm_cell maps_key_of(uint64_t bytes) {
    return ipm_cell_print("%" PRIu64, bytes);
}

static json_t *maps_write_by_size(const struct ipm_json_source *source) {
    const struct ipm_sizes *sizes = &source->report->references.sizes;
    const struct ipm_json_field item = ipm_json_item(source->field);
    json_t *map = json_object();
    for (size_t i = 0; map != NULL && i < sizes->count; i++)
        ipm_json_set(&map, maps_key_of(sizes->items[i]).text,
                     ipm_json_write(&item, (const char *)source->at + i * item.size,
                                    source->report));
    return map;
}

/* Canonical digits only, so that no size has two spellings. */
static bool maps_parse_size(const char *key, uint64_t *ret_bytes) {
    const uint64_t bytes = strlen(key) > 18 ? 0 : strtoull(key, NULL, 10);
    if (bytes == 0)
        return false;
    *ret_bytes = bytes;
    return strcmp(maps_key_of(bytes).text, key) == 0;
}

/* Finds the number of a size, which may be a new one. */
static int maps_find_size(const struct ipm_json_target *target, const char *key,
                          size_t *ret_index) {
    struct ipm_sizes *sizes = &target->reading->report->references.sizes;
    uint64_t bytes = 0;
    if (!maps_parse_size(key, &bytes))
        return ipm_json_refuse(target->reading, "is no size in bytes");
    for (*ret_index = 0; *ret_index < sizes->count; ++*ret_index)
        if (sizes->items[*ret_index] == bytes)
            return 0;
    if (sizes->count == IPM_LIST_MOST)
        return ipm_json_refuse(target->reading, "is one size too many");
    sizes->items[sizes->count++] = bytes;
    return 0;
}

/* Reads the size; the statistics follow from the rounds. */
static int maps_read_size(const struct ipm_json_target *target, size_t index,
                          const char *key, const char *value) {
    target->reading->end = ipm_json_skip(value);
    return maps_find_size(target, key, &index);
}

static int maps_read_sizes(const struct ipm_json_target *target, const char *value) {
    return ipm_json_read_each(target, value, '{', maps_read_size);
}

static int maps_read_speed(const struct ipm_json_target *target, size_t index,
                           const char *key, const char *value) {
    const struct ipm_json_field item = ipm_json_item(target->field);
    const int code = maps_find_size(target, key, &index);
    if (code != 0)
        return code;
    double *speed = (double *)target->at + index;
    if (*speed >= 0 || isnan(*speed))
        return ipm_json_refuse(target->reading, "is there twice");
    return ipm_json_read(&item, value, speed, target->reading);
}

/* The speed of a size that is missing is -1. */
static int maps_read_by_size(const struct ipm_json_target *target, const char *value) {
    for (size_t i = 0; i < IPM_LIST_MOST; i++)
        ((double *)target->at)[i] = -1;
    return ipm_json_read_each(target, value, '{', maps_read_speed);
}

CODEC(fact, .write = maps_write_fact, .read = maps_read_fact, .is_key = ipm_facts_is_key);
CODEC(named_text, .write = maps_write_text, .read = maps_read_text, .type = "string");
CODEC(label, .write = maps_write_text, .read = maps_read_text, .type = "string",
      .is_key = ipm_label_is_name, .key_pattern = ipm_label_pattern);
CODEC(by_size, .write = maps_write_by_size, .read = maps_read_by_size);
CODEC(sizes, .write = maps_write_by_size, .read = maps_read_sizes);
