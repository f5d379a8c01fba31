/* maps.c - objects whose keys are data, not names of members: facts of a transport,
 * mitigations of a CPU, the speed of memcpy by size. */
#include "base/facts.h"
#include "base/utf8.h"
#include "model/report/report.h"
#include "reports/json/codec.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAPS_SIZE_BYTES = 24 };

/* Keeps *map whole or makes it NULL: what a writer returns either way. */
static int maps_set(json_t **map, const char *key, json_t *value) {
    if (json_object_set_new(*map, key, value) !=
        0) { /* takes value, also when it fails */
        json_decref(*map);
        *map = NULL;
        return -1;
    }
    return 0;
}

static int maps_check(struct ipm_json_reading *reading, const json_t *value,
                      size_t most) {
    if (!json_is_object(value)) {
        return ipm_json_refuse(reading, "must be an object");
    }
    if (json_object_size(value) > most) {
        return ipm_json_refuse(reading, "has more than %zu entries", most);
    }
    return 0;
}

/* -1 is the unknown number (model/report/report.h); "" is a fact: an unnamed socket has it. */
static json_t *maps_write_fact(const struct ipm_fact *fact) {
    if (fact->kind == IPM_FACT_TEXT) {
        return ipm_json_mended(fact->text, sizeof fact->text);
    }
    return fact->number == -1 ? json_null() : json_integer(fact->number);
}

static json_t *maps_write_facts(const struct ipm_json_field *field, const void *at,
                                const struct ipm_report *report) {
    (void)field;
    (void)report;
    const struct ipm_facts *facts = at;
    json_t *map = json_object();
    for (unsigned i = 0; i < facts->count; i++) {
        char key[IPM_FACT_KEY_BYTES];
        ipm_utf8_mend(key, sizeof key, facts->items[i].key);
        if (maps_set(&map, key, maps_write_fact(&facts->items[i])) != 0) {
            break;
        }
    }
    return map;
}

static int maps_is_fact_key(const char *key) {
    size_t length = strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return key[0] >= 'a' && key[0] <= 'z' && key[length] == '\0' &&
           length < IPM_FACT_KEY_BYTES;
}

static int maps_read_fact(struct ipm_json_reading *reading, struct ipm_facts *facts,
                          const char *key, const json_t *value) {
    if (!maps_is_fact_key(key)) {
        return ipm_json_refuse(reading, "is no name of a fact");
    }
    if (json_is_string(value)) {
        char text[IPM_FACT_TEXT_BYTES];
        ipm_utf8_mend(text, sizeof text, json_string_value(value));
        ipm_facts_text(facts, key, text);
        return 0;
    }
    if (!json_is_integer(value) && !json_is_null(value)) {
        return ipm_json_refuse(reading, "must be a string, a whole number or null");
    }
    ipm_facts_number(facts, key, json_is_null(value) ? -1 : json_integer_value(value));
    return 0;
}

static int maps_read_facts(struct ipm_json_reading *reading,
                           const struct ipm_json_field *field, json_t *value, void *at) {
    (void)field;
    struct ipm_facts *facts = at;
    const char *key = NULL;
    json_t *item = NULL;
    int code = maps_check(reading, value, IPM_FACTS_MOST);
    if (code != 0) {
        return code;
    }
    facts->count = 0;
    json_object_foreach(value, key, item) {
        size_t mark = ipm_json_enter_key(reading, key);
        code = maps_read_fact(reading, facts, key, item);
        if (code != 0) {
            return code;
        }
        ipm_json_leave(reading, mark);
    }
    return 0;
}

static json_t *maps_write_mitigations(const struct ipm_json_field *field, const void *at,
                                      const struct ipm_report *report) {
    (void)field;
    (void)at;
    const struct ipm_host *host = &report->host;
    json_t *map = json_object();
    for (size_t i = 0; i < host->mitigation_count; i++) {
        const struct ipm_mitigation *item = &host->mitigations[i];
        char name[IPM_NAME_BYTES];
        ipm_utf8_mend(name, sizeof name, item->name);
        if (maps_set(&map, name, ipm_json_mended(item->state, sizeof item->state)) != 0) {
            break;
        }
    }
    return map;
}

static int maps_read_mitigations(struct ipm_json_reading *reading,
                                 const struct ipm_json_field *field, json_t *value,
                                 void *at) {
    (void)field;
    (void)at;
    struct ipm_host *host = &reading->report->host;
    const char *key = NULL;
    json_t *item = NULL;
    int code = maps_check(reading, value, IPM_MITIGATIONS_MOST);
    if (code != 0) {
        return code;
    }
    host->mitigation_count = 0;
    json_object_foreach(value, key, item) {
        size_t mark = ipm_json_enter_key(reading, key);
        struct ipm_mitigation *next = &host->mitigations[host->mitigation_count++];
        ipm_utf8_mend(next->name, sizeof next->name, key);
        code = ipm_json_read_string(reading, item, next->state, sizeof next->state);
        if (code != 0) {
            return code;
        }
        ipm_json_leave(reading, mark);
    }
    return 0;
}

static void maps_size_key(char key[MAPS_SIZE_BYTES], uint64_t bytes) {
    (void)snprintf(key, MAPS_SIZE_BYTES, "%" PRIu64, bytes);
}

static json_t *maps_write_memcpy(const struct ipm_json_field *field, const void *at,
                                 const struct ipm_report *report) {
    (void)at;
    const struct ipm_references *references = &report->references;
    json_t *map = json_object();
    for (size_t i = 0; i < references->sizes.count; i++) {
        char key[MAPS_SIZE_BYTES];
        maps_size_key(key, references->sizes.items[i]);
        json_t *value =
            ipm_json_object.write(field, &references->memcpy_bytes_per_second[i], report);
        if (maps_set(&map, key, value) != 0) {
            break;
        }
    }
    return map;
}

/* Canonical digits only, so that no size comes twice in two spellings. */
static int maps_parse_size(const char *key, uint64_t *ret_bytes) {
    size_t digits = strspn(key, "0123456789");
    uint64_t bytes = 0;
    if (digits == 0 || digits > 18 || key[digits] != '\0' || key[0] == '0') {
        return -1;
    }
    for (size_t i = 0; i < digits; i++) {
        bytes = bytes * 10 + (uint64_t)(key[i] - '0');
    }
    *ret_bytes = bytes;
    return 0;
}

/* The statistics follow from the rounds; which sizes there are does not. */
static int maps_read_memcpy(struct ipm_json_reading *reading,
                            const struct ipm_json_field *field, json_t *value, void *at) {
    (void)field;
    (void)at;
    struct ipm_sizes *sizes = &reading->report->references.sizes;
    const char *key = NULL;
    json_t *item = NULL;
    int code = maps_check(reading, value, IPM_LIST_MOST);
    if (code != 0) {
        return code;
    }
    sizes->count = 0;
    json_object_foreach(value, key, item) {
        if (maps_parse_size(key, &sizes->items[sizes->count++]) != 0) {
            (void)ipm_json_enter_key(reading, key);
            return ipm_json_refuse(reading, "is no size in bytes");
        }
    }
    return 0;
}

static json_t *maps_write_memcpy_round(const struct ipm_json_field *field, const void *at,
                                       const struct ipm_report *report) {
    const struct ipm_sizes *sizes = &report->references.sizes;
    json_t *map = json_object();
    for (size_t i = 0; i < sizes->count; i++) {
        char key[MAPS_SIZE_BYTES];
        maps_size_key(key, sizes->items[i]);
        json_t *value = ipm_json_real.write(field, (const double *)at + i, report);
        if (maps_set(&map, key, value) != 0) {
            break;
        }
    }
    return map;
}

static int maps_read_memcpy_round(struct ipm_json_reading *reading,
                                  const struct ipm_json_field *field, json_t *value,
                                  void *at) {
    const struct ipm_sizes *sizes = &reading->report->references.sizes;
    int code = maps_check(reading, value, sizes->count);
    for (size_t i = 0; code == 0 && i < sizes->count; i++) {
        char key[MAPS_SIZE_BYTES];
        maps_size_key(key, sizes->items[i]);
        size_t mark = ipm_json_enter_key(reading, key);
        json_t *item = json_object_get(value, key);
        code = item == NULL ? ipm_json_refuse(reading, "is missing")
                            : ipm_json_real.read(reading, field, item, (double *)at + i);
        ipm_json_leave(reading, mark);
    }
    return code;
}

const struct ipm_json_codec ipm_json_facts = {.write = maps_write_facts,
                                              .read = maps_read_facts};
const struct ipm_json_codec ipm_json_mitigations = {.write = maps_write_mitigations,
                                                    .read = maps_read_mitigations};
const struct ipm_json_codec ipm_json_memcpy = {.write = maps_write_memcpy,
                                               .read = maps_read_memcpy};
const struct ipm_json_codec ipm_json_memcpy_round = {.write = maps_write_memcpy_round,
                                                     .read = maps_read_memcpy_round};
