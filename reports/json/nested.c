/* nested.c - members made of others: a struct, a list of structs, one that may be
 * absent. Must not know which struct it is: the tables of fields do. */
#include "model/report/report.h"
#include "reports/json/codec.h"

#include <string.h>

int ipm_json_write_fields(json_t *object, const struct ipm_json_field *fields,
                          const void *base, const struct ipm_report *report) {
    for (const struct ipm_json_field *field = fields; field->key != NULL; field++) {
        const char *at = (const char *)base + field->offset;
        json_t *value = field->codec->write(field, at, report);
        if (json_object_set_new(object, field->key, value) != 0) {
            return -1;
        }
    }
    return 0;
}

int ipm_json_read_fields(struct ipm_json_reading *reading,
                         const struct ipm_json_field *fields, json_t *object,
                         void *base) {
    if (!json_is_object(object)) {
        return ipm_json_refuse(reading, "must be an object");
    }
    for (const struct ipm_json_field *field = fields; field->key != NULL; field++) {
        if (field->codec->read == NULL) {
            continue;
        }
        size_t mark = ipm_json_enter_key(reading, field->key);
        json_t *value = json_object_get(object, field->key);
        int code = value == NULL ? ipm_json_refuse(reading, "is missing")
                                 : field->codec->read(reading, field, value,
                                                      (char *)base + field->offset);
        if (code != 0) {
            return code;
        }
        ipm_json_leave(reading, mark);
    }
    return 0;
}

static json_t *nested_write(const struct ipm_json_field *fields, const void *base,
                            const struct ipm_report *report) {
    json_t *object = json_object();
    if (object != NULL && ipm_json_write_fields(object, fields, base, report) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *nested_write_object(const struct ipm_json_field *field, const void *at,
                                   const struct ipm_report *report) {
    return nested_write(field->fields, at, report);
}

static int nested_read_object(struct ipm_json_reading *reading,
                              const struct ipm_json_field *field, json_t *value,
                              void *at) {
    return ipm_json_read_fields(reading, field->fields, value, at);
}

static const char *nested_items(const struct ipm_json_rows *rows, const void *owner) {
    const char *items = (const char *)owner + rows->items_offset;
    if (rows->inlined) {
        return items;
    }
    const char *behind = NULL;
    memcpy((void *)&behind, items, sizeof behind);
    return behind;
}

static json_t *nested_write_rows(const struct ipm_json_field *field, const void *at,
                                 const struct ipm_report *report) {
    const struct ipm_json_rows *rows = field->rows;
    const char *items = nested_items(rows, at);
    json_t *list = json_array();
    size_t count = 0;
    memcpy(&count, (const char *)at + rows->count_offset, sizeof count);
    for (size_t i = 0; list != NULL && i < count; i++) {
        json_t *row = nested_write(rows->fields, items + i * rows->item_size, report);
        if (json_array_append_new(list, row) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static int nested_read_rows(struct ipm_json_reading *reading,
                            const struct ipm_json_field *field, json_t *value, void *at) {
    const struct ipm_json_rows *rows = field->rows;
    if (!json_is_array(value)) {
        return ipm_json_refuse(reading, "must be an array");
    }
    if (json_array_size(value) > rows->most) {
        return ipm_json_refuse(reading, "has more than %zu entries", rows->most);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        size_t mark = ipm_json_enter_index(reading, i);
        void *row = rows->add(at);
        int code = row == NULL ? ipm_json_no_memory(reading)
                               : ipm_json_read_fields(reading, rows->fields,
                                                      json_array_get(value, i), row);
        if (code != 0) {
            return code;
        }
        ipm_json_leave(reading, mark);
    }
    return 0;
}

static json_t *nested_write_wire(const struct ipm_json_field *field, const void *at,
                                 const struct ipm_report *report) {
    const struct ipm_wire_use *wire = at;
    return wire->known ? nested_write(field->fields, at, report) : json_null();
}

static int nested_read_wire(struct ipm_json_reading *reading,
                            const struct ipm_json_field *field, json_t *value, void *at) {
    struct ipm_wire_use *wire = at;
    *wire = (struct ipm_wire_use){.known = !json_is_null(value)};
    return wire->known ? ipm_json_read_fields(reading, field->fields, value, at) : 0;
}

const struct ipm_json_codec ipm_json_object = {.write = nested_write_object,
                                               .read = nested_read_object};
const struct ipm_json_codec ipm_json_rows = {.write = nested_write_rows,
                                             .read = nested_read_rows};
const struct ipm_json_codec ipm_json_derived_object = {.write = nested_write_object};
const struct ipm_json_codec ipm_json_derived_rows = {.write = nested_write_rows};
const struct ipm_json_codec ipm_json_wire = {.write = nested_write_wire,
                                             .read = nested_read_wire};
