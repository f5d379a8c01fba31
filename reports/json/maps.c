/* maps.c - the items of maps: facts of a transport, mitigations of a CPU, the speed of
 * memcpy by size. */
#include "base/facts.h"
#include "base/utf8.h"
#include "model/report/report.h"
#include "reports/json/codec.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Keys of both maps have the same size: nested.c copies them. */
_Static_assert((int)IPM_FACT_KEY_BYTES == (int)IPM_NAME_BYTES, "keys of maps");

/* --- facts and mitigations --------------------------------------------------------------- */

/* -1 is unknown (model/report/report.h); "" is the known name of an unnamed socket. */
static json_t *maps_write_fact(const struct ipm_json_source *source) {
    const struct ipm_fact *fact = source->at;
    if (fact->kind == IPM_FACT_TEXT)
        return ipm_json_mended(fact->text, sizeof fact->text);
    return fact->number == -1 ? json_null() : json_integer(fact->number);
}

static int maps_read_fact(const struct ipm_json_target *target, json_t *value) {
    struct ipm_fact *fact = target->at;
    if (json_is_string(value)) {
        fact->kind = IPM_FACT_TEXT;
        ipm_utf8_mend(fact->text, sizeof fact->text, json_string_value(value));
        return 0;
    }
    if (!json_is_integer(value) && !json_is_null(value))
        return ipm_json_refuse(target->reading,
                               "must be a string, a whole number or null");
    fact->number = json_is_null(value) ? -1 : json_integer_value(value);
    return 0;
}

static bool maps_is_fact_key(const char *key) {
    const size_t length = strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return key[0] >= 'a' && key[0] <= 'z' && key[length] == '\0' &&
           length < IPM_FACT_KEY_BYTES;
}

static json_t *maps_write_mitigation(const struct ipm_json_source *source) {
    const struct ipm_mitigation *mitigation = source->at;
    return ipm_json_mended(mitigation->state, sizeof mitigation->state);
}

static int maps_read_mitigation(const struct ipm_json_target *target, json_t *value) {
    struct ipm_mitigation *mitigation = target->at;
    if (!json_is_string(value))
        return ipm_json_refuse(target->reading, "must be a string");
    ipm_utf8_mend(mitigation->state, sizeof mitigation->state, json_string_value(value));
    return 0;
}

/* --- by size ----------------------------------------------------------------------------- */

struct maps_key {
    char text[24];
};

static struct maps_key maps_key_of(uint64_t bytes) {
    struct maps_key key;
    (void)snprintf(key.text, sizeof key.text, "%" PRIu64, bytes);
    return key;
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

static int maps_read_by_size(const struct ipm_json_target *target, json_t *value) {
    const struct ipm_sizes *sizes = &target->reading->report->references.sizes;
    const struct ipm_json_field item = ipm_json_item(target->field);
    int code = ipm_json_check_map(target, value);
    for (size_t i = 0; code == 0 && i < sizes->count; i++) {
        const struct maps_key key = maps_key_of(sizes->items[i]);
        code = ipm_json_in_key(target->reading, key.text,
                               ipm_json_read(&item, json_object_get(value, key.text),
                                             (char *)target->at + i * item.size,
                                             target->reading));
    }
    return code;
}

/* Canonical digits only, so that no size has two spellings. */
static bool maps_parse_size(const char *key, uint64_t *ret_bytes) {
    const uint64_t bytes = strlen(key) > 18 ? 0 : strtoull(key, NULL, 10);
    if (bytes == 0)
        return false;
    *ret_bytes = bytes;
    return strcmp(maps_key_of(bytes).text, key) == 0;
}

/* Reads the sizes; the statistics follow from the rounds. */
static int maps_read_sizes(const struct ipm_json_target *target, json_t *value) {
    struct ipm_sizes *sizes = &target->reading->report->references.sizes;
    int code = ipm_json_check_map(target, value);
    const char *key = NULL;
    json_t *item = NULL;
    if (code != 0)
        return code;
    json_object_foreach(value, key, item) {
        if (!maps_parse_size(key, &sizes->items[sizes->count++]))
            return ipm_json_in_key(
                target->reading, key,
                ipm_json_refuse(target->reading, "is no size in bytes"));
    }
    return 0;
}

const struct ipm_json_codec ipm_json_fact = {
    .write = maps_write_fact, .read = maps_read_fact, .is_key = maps_is_fact_key};
const struct ipm_json_codec ipm_json_mitigation = {
    .write = maps_write_mitigation, .read = maps_read_mitigation, .type = "string"};
const struct ipm_json_codec ipm_json_by_size = {.write = maps_write_by_size,
                                                .read = maps_read_by_size};
const struct ipm_json_codec ipm_json_sizes = {.write = maps_write_by_size,
                                              .read = maps_read_sizes};
