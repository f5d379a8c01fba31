/* nested.c - members that consist of others: structs, lists and maps, as the tables of
 * fields describe them. */
#include "base/array.h"
#include "base/utf8.h"
#include "model/report/report.h"
#include "reports/json/codec.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct ipm_json_field *ipm_json_next(struct ipm_json_walk *walk) {
    for (; walk->row < walk->object->count; walk->row++) {
        const struct ipm_json_field *field = &walk->object->fields[walk->row];
        if (field->make == NULL || field->make(walk->made, &walk->field)) {
            walk->row += field->make == NULL;
            walk->made += field->make != NULL;
            walk->count++;
            return field->make == NULL ? field : &walk->field;
        }
        walk->made = 0;
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

int ipm_json_read(const struct ipm_json_field *field, const char *value, void *base,
                  struct ipm_json_reading *reading) {
    const struct ipm_json_target target = {
        .field = field, .at = (char *)base + field->offset, .reading = reading};
    const bool container = *value == '{' || *value == '[';
    int code = 0;
    if (!field->codec->nullable || *value != 'n')
        code = field->codec->read(&target, value);
    else
        memset(target.at, field->codec->unknown, field->size);
    if (code == 0 && !container)
        reading->end = ipm_json_skip(value);
    return code;
}

/* Finds the field of a key, and its value. The search begins with the next row, as keys
 * usually have the order of the table. */
static const struct ipm_json_field *nested_find(struct ipm_json_walk *walk,
                                                const char *key, const char **ret_value) {
    const size_t begin = walk->count;
    for (int turn = 0; turn < 2; turn++) {
        const struct ipm_json_field *field = NULL;
        while ((turn == 0 || walk->count < begin) &&
               (field = ipm_json_next(walk)) != NULL)
            if ((*ret_value = ipm_json_of_word(key, field->key)) != NULL)
                return field;
        if (turn == 0)
            *walk = (struct ipm_json_walk){.object = walk->object};
    }
    *ret_value = ipm_json_of_key(key);
    return NULL;
}

static bool nested_is_read(const struct ipm_json_field *field) {
    return !field->derived && field->codec->read != NULL;
}

/* An object whose members are being read. */
struct nested_members {
    struct ipm_json_walk walk;
    uint64_t seen; /* bit by number of the field */
    void *base;
};

static int nested_read_member(struct nested_members *members, const char *key,
                              struct ipm_json_reading *reading) {
    const char *value = NULL;
    const struct ipm_json_field *field = nested_find(&members->walk, key, &value);
    const uint64_t bit = (uint64_t)1 << members->walk.count;
    int code = 0;
    if (field != NULL && (members->seen & bit) != 0)
        code = ipm_json_refuse(reading, "is there twice");
    else if (field != NULL && nested_is_read(field))
        code = ipm_json_read(field, value, members->base, reading);
    else
        reading->end = ipm_json_skip(value);
    members->seen |= field != NULL ? bit : 0;
    return code == 0 ? 0 : ipm_json_in_key(reading, field->key, code);
}

int ipm_json_read_fields(struct ipm_json_reading *reading,
                         const struct ipm_json_object *object, const char *value,
                         void *base) {
    const struct ipm_json_field *field = NULL;
    struct nested_members members = {.walk = {.object = object}, .base = base};
    struct ipm_json_walk walk = {.object = object};
    if (*value != '{')
        return ipm_json_refuse(reading, "must be an object");
    const char *key = ipm_json_first(value);
    for (; *key != '}'; key = ipm_json_following(reading->end)) {
        const int code = nested_read_member(&members, key, reading);
        if (code != 0)
            return code;
    }
    reading->end = key + 1;
    while ((field = ipm_json_next(&walk)) != NULL) {
        assert(walk.count < 64);
        if (nested_is_read(field) && (members.seen >> walk.count & 1) == 0)
            return ipm_json_in_key(reading, field->key,
                                   ipm_json_refuse(reading, "is missing"));
    }
    return 0;
}

static int nested_read_object(const struct ipm_json_target *target, const char *value) {
    return ipm_json_read_fields(target->reading, target->field->object, value,
                                target->at);
}

static json_t *nested_write_wire(const struct ipm_json_source *source) {
    const struct ipm_wire_use *wire = source->at;
    return wire->known ? nested_write_object(source) : json_null();
}

static int nested_read_wire(const struct ipm_json_target *target, const char *value) {
    struct ipm_wire_use *wire = target->at;
    wire->known = 1;
    return nested_read_object(target, value);
}

static json_t *nested_write_counted(const struct ipm_json_source *source) {
    const int64_t *counted = source->at;
    for (size_t i = 0; i < source->field->size / sizeof *counted; i++)
        if (counted[i] >= 0)
            return nested_write_object(source);
    return json_null();
}

/* --- lists and maps ---------------------------------------------------------------------- */

struct ipm_json_field ipm_json_item(const struct ipm_json_field *field) {
    struct ipm_json_field item = *field;
    item.codec = field->item;
    item.offset = 0;
    return item;
}

/* Returns the address of the number of items of the list at `at`. */
static void *nested_count(const struct ipm_json_field *field, const void *at) {
    return (char *)at - field->offset + field->count_offset;
}

static const char *nested_first(const struct ipm_json_field *field, const void *at) {
    const char *items = at;
    if (!field->inlined)
        memcpy((void *)&items, at, sizeof items);
    return items;
}

const char *ipm_json_items(const struct ipm_json_source *source, size_t *ret_count) {
    const struct ipm_json_field *field = source->field;
    *ret_count =
        (size_t)ipm_json_load(nested_count(field, source->at), field->count_size);
    return nested_first(field, source->at);
}

static json_t *nested_write_list(const struct ipm_json_source *source) {
    const struct ipm_json_field item = ipm_json_item(source->field);
    const bool keyed = source->field->codec == &ipm_json_map;
    size_t count = 0;
    const char *items = ipm_json_items(source, &count);
    json_t *json = keyed ? json_object() : json_array();
    for (size_t i = 0; json != NULL && i < count; i++) {
        char key[IPM_NAME_BYTES] = "";
        json_t *value = ipm_json_write(&item, items + i * item.size, source->report);
        if (keyed)
            ipm_utf8_mend(key, sizeof key, items + i * item.size);
        if (keyed)
            ipm_json_set(&json, key, value);
        else
            ipm_json_append(&json, value);
    }
    return json;
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

int ipm_json_read_each(const struct ipm_json_target *target, const char *value, char kind,
                       int (*item)(const struct ipm_json_target *target, size_t index,
                                   const char *key, const char *value)) {
    const char close = kind == '{' ? '}' : ']';
    struct ipm_json_reading *reading = target->reading;
    if (*value != kind)
        return ipm_json_refuse(reading, "must be an %s",
                               kind == '{' ? "object" : "array");
    const char *at = ipm_json_first(value);
    size_t i = 0;
    for (; *at != close; i++) {
        if (i == target->field->items_most)
            return ipm_json_refuse(reading, "has more than %zu entries", i);
        char *key = kind == '{' ? ipm_json_text_of(at) : NULL;
        if (kind == '{' && key == NULL)
            return -ENOMEM;
        int code = item(target, i, key, key != NULL ? ipm_json_of_key(at) : at);
        code = key != NULL ? ipm_json_in_key(reading, key, code)
                           : ipm_json_in_index(reading, i, code);
        free(key);
        if (code != 0)
            return code;
        at = ipm_json_following(reading->end);
    }
    reading->end = at + 1;
    return i < target->field->items_least ? ipm_json_refuse(reading, "is empty") : 0;
}

static int nested_read_item(const struct ipm_json_target *target, size_t index,
                            const char *key, const char *value) {
    const struct ipm_json_field item = ipm_json_item(target->field);
    void *at = nested_add(target->field, target->at);
    (void)index;
    if (at == NULL)
        return -ENOMEM;
    if (key != NULL)
        ipm_utf8_mend(at, IPM_NAME_BYTES, key);
    return ipm_json_read(&item, value, at, target->reading);
}

static int nested_read_list(const struct ipm_json_target *target, const char *value) {
    return ipm_json_read_each(target, value, '[', nested_read_item);
}

/* Keys must also differ after they are cut. */
static int nested_read_entry(const struct ipm_json_target *target, size_t index,
                             const char *key, const char *value) {
    const struct ipm_json_codec *codec = target->field->item;
    const char *items = nested_first(target->field, target->at);
    char kept[IPM_NAME_BYTES];
    ipm_utf8_mend(kept, sizeof kept, key);
    if (codec->is_key != NULL && !codec->is_key(key))
        return ipm_json_refuse(target->reading, "is no valid name");
    for (size_t i = 0; i < index; i++)
        if (strcmp(items + i * target->field->size, kept) == 0)
            return ipm_json_refuse(target->reading, "is there twice");
    return nested_read_item(target, index, key, value);
}

static int nested_read_map(const struct ipm_json_target *target, const char *value) {
    return ipm_json_read_each(target, value, '{', nested_read_entry);
}

CODEC(object, .write = nested_write_object, .read = nested_read_object);
CODEC(wire, .write = nested_write_wire, .read = nested_read_wire, .nullable = true);
CODEC(counted, .write = nested_write_counted, .read = nested_read_object,
      .nullable = true, .unknown = 0xff);
CODEC(array, .write = nested_write_list, .read = nested_read_list);
CODEC(map, .write = nested_write_list, .read = nested_read_map);
