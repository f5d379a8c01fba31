/* nested.c - members that consist of others: structs, lists and maps, as the tables of
 * fields describe them. */
#include "base/array.h"
#include "base/utf8.h"
#include "model/report/report.h"
#include "reports/json/codec.h"

#include <errno.h>
#include <string.h>

const struct ipm_json_field *ipm_json_next(struct ipm_json_walk *walk) {
    while (walk->row < walk->object->count) {
        const struct ipm_json_field *field = &walk->object->fields[walk->row];
        if (field->make == NULL) {
            walk->row++;
            return field;
        }
        if (field->make(walk->made++, &walk->field))
            return &walk->field;
        walk->made = 0;
        walk->row++;
    }
    return NULL;
}

void ipm_json_set(json_t **json, const char *key, json_t *value) {
    if (json_object_set_new(*json, key, value) == 0) /* owns value also on failure */
        return;
    json_decref(*json);
    *json = NULL;
}

void ipm_json_append(json_t **json, json_t *value) {
    if (json_array_append_new(*json, value) == 0)
        return;
    json_decref(*json);
    *json = NULL;
}

/* --- fields and objects ------------------------------------------------------------------ */

json_t *ipm_json_write(const struct ipm_json_field *field, const void *base,
                       const struct ipm_report *report) {
    const char *at = (const char *)base + field->offset;
    if (field->behind) {
        const char *behind = NULL;
        memcpy((void *)&behind, (const void *)at, sizeof behind);
        if (behind == NULL)
            return json_null();
        at = behind + field->inner;
    }
    const struct ipm_json_source source = {.field = field, .at = at, .report = report};
    return field->codec->write(&source);
}

static json_t *nested_write_object(const struct ipm_json_source *source) {
    const struct ipm_json_field *field = NULL;
    struct ipm_json_walk walk = {.object = source->field->object};
    json_t *json = json_object();
    while (json != NULL && (field = ipm_json_next(&walk)) != NULL)
        ipm_json_set(&json, field->key,
                     ipm_json_write(field, source->at, source->report));
    return json;
}

int ipm_json_read(const struct ipm_json_field *field, json_t *value, void *base,
                  struct ipm_json_reading *reading) {
    const struct ipm_json_target target = {
        .field = field, .at = (char *)base + field->offset, .reading = reading};
    if (value == NULL)
        return ipm_json_refuse(reading, "is missing");
    if (!field->codec->nullable || !json_is_null(value))
        return field->codec->read(&target, value);
    memset(target.at, field->codec->unknown, field->size);
    return 0;
}

int ipm_json_read_fields(struct ipm_json_reading *reading,
                         const struct ipm_json_object *object, json_t *json, void *base) {
    const struct ipm_json_field *field = NULL;
    struct ipm_json_walk walk = {.object = object};
    int code = json_is_object(json) ? 0 : ipm_json_refuse(reading, "must be an object");
    while (code == 0 && (field = ipm_json_next(&walk)) != NULL)
        if (!field->derived && field->codec->read != NULL)
            code = ipm_json_in_key(
                reading, field->key,
                ipm_json_read(field, json_object_get(json, field->key), base, reading));
    return code;
}

static int nested_read_object(const struct ipm_json_target *target, json_t *value) {
    return ipm_json_read_fields(target->reading, target->field->object, value,
                                target->at);
}

static json_t *nested_write_wire(const struct ipm_json_source *source) {
    const struct ipm_wire_use *wire = source->at;
    return wire->known ? nested_write_object(source) : json_null();
}

static int nested_read_wire(const struct ipm_json_target *target, json_t *value) {
    struct ipm_wire_use *wire = target->at;
    wire->known = 1;
    return nested_read_object(target, value);
}

/* --- lists and maps ---------------------------------------------------------------------- */

struct ipm_json_field ipm_json_item(const struct ipm_json_field *field) {
    struct ipm_json_field item = *field;
    item.codec = field->item;
    item.offset = 0;
    return item;
}

/* `at` is the member with the items. */
static void *nested_count(const struct ipm_json_field *field, const void *at) {
    return (char *)at - field->offset + field->count_offset;
}

static const char *nested_items(const struct ipm_json_source *source, size_t *ret_count) {
    const struct ipm_json_field *field = source->field;
    const char *items = source->at;
    *ret_count = ipm_json_load(nested_count(field, source->at), field->count_size);
    if (!field->inlined)
        memcpy((void *)&items, source->at, sizeof items);
    return items;
}

static json_t *nested_write_list(const struct ipm_json_source *source) {
    const struct ipm_json_field item = ipm_json_item(source->field);
    size_t count = 0;
    const char *items = nested_items(source, &count);
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < count; i++)
        ipm_json_append(&list,
                        ipm_json_write(&item, items + i * item.size, source->report));
    return list;
}

static json_t *nested_write_map(const struct ipm_json_source *source) {
    const struct ipm_json_field item = ipm_json_item(source->field);
    size_t count = 0;
    const char *items = nested_items(source, &count);
    json_t *map = json_object();
    for (size_t i = 0; map != NULL && i < count; i++) {
        char key[IPM_NAME_BYTES];
        ipm_utf8_mend(key, sizeof key, items + i * item.size);
        ipm_json_set(&map, key,
                     ipm_json_write(&item, items + i * item.size, source->report));
    }
    return map;
}

/* Returns a new zeroed item, or NULL: no memory. */
static void *nested_add(const struct ipm_json_field *field, void *at) {
    void *counter = nested_count(field, at);
    if (!field->inlined)
        return ipm_array_add(at, counter, field->size);
    const uint64_t count = ipm_json_load(counter, field->count_size);
    ipm_json_store(counter, field->count_size, count + 1);
    return (char *)at + count * field->size;
}

static int nested_read_item(const struct ipm_json_target *target, json_t *value,
                            const char *key) {
    const struct ipm_json_field item = ipm_json_item(target->field);
    void *at = nested_add(target->field, target->at);
    if (at == NULL)
        return -ENOMEM;
    if (key != NULL)
        ipm_utf8_mend(at, IPM_NAME_BYTES, key);
    return ipm_json_read(&item, value, at, target->reading);
}

static int nested_read_list(const struct ipm_json_target *target, json_t *value) {
    const size_t count = json_array_size(value);
    int code = 0;
    if (!json_is_array(value))
        return ipm_json_refuse(target->reading, "must be an array");
    if (count > target->field->items_most)
        return ipm_json_refuse(target->reading, "has more than %zu entries",
                               target->field->items_most);
    for (size_t i = 0; code == 0 && i < count; i++)
        code = ipm_json_in_index(
            target->reading, i, nested_read_item(target, json_array_get(value, i), NULL));
    return code;
}

int ipm_json_check_map(const struct ipm_json_target *target, const json_t *value) {
    if (!json_is_object(value))
        return ipm_json_refuse(target->reading, "must be an object");
    if (json_object_size(value) > target->field->items_most)
        return ipm_json_refuse(target->reading, "has more than %zu entries",
                               target->field->items_most);
    return 0;
}

static int nested_read_map(const struct ipm_json_target *target, json_t *value) {
    const struct ipm_json_codec *codec = target->field->item;
    int code = ipm_json_check_map(target, value);
    const char *key = NULL;
    json_t *item = NULL;
    if (code != 0)
        return code;
    json_object_foreach(value, key, item) {
        code = codec->is_key != NULL && !codec->is_key(key)
                   ? ipm_json_refuse(target->reading, "is no name of a fact")
                   : nested_read_item(target, item, key);
        if (code != 0)
            return ipm_json_in_key(target->reading, key, code);
    }
    return 0;
}

const struct ipm_json_codec ipm_json_object = {.write = nested_write_object,
                                               .read = nested_read_object};
const struct ipm_json_codec ipm_json_wire = {
    .write = nested_write_wire, .read = nested_read_wire, .nullable = true};
const struct ipm_json_codec ipm_json_array = {.write = nested_write_list,
                                              .read = nested_read_list};
const struct ipm_json_codec ipm_json_map = {.write = nested_write_map,
                                            .read = nested_read_map};
