/* values.c - plain members to JSON and back: numbers, truths, words.
 *
 * Must not know which struct a member belongs to. */
#include "base/err.h"
#include "base/utf8.h"
#include "model/report/report.h"
#include "reports/json/codec.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static uint64_t values_most(const struct ipm_json_field *field) {
    return field->most > 0 ? field->most : IPM_JSON_MOST;
}

static json_t *values_write_uint(const struct ipm_json_field *field, const void *at,
                                 const struct ipm_report *report) {
    (void)report;
    uint64_t number = 0;
    memcpy(&number, at, sizeof number);
    uint64_t most = values_most(field);
    return json_integer((json_int_t)(number < most ? number : most));
}

static int values_read_uint(struct ipm_json_reading *reading,
                            const struct ipm_json_field *field, json_t *value, void *at) {
    json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;
    uint64_t most = values_most(field);
    if (number < 0 || (uint64_t)number < field->least || (uint64_t)number > most) {
        return ipm_json_refuse(reading,
                               "must be a whole number from %" PRIu64 " to %" PRIu64,
                               field->least, most);
    }
    uint64_t result = (uint64_t)number;
    memcpy(at, &result, sizeof result);
    return 0;
}

static json_t *values_write_uint_or_null(const struct ipm_json_field *field,
                                         const void *at,
                                         const struct ipm_report *report) {
    uint64_t number = 0;
    memcpy(&number, at, sizeof number);
    return number == 0 ? json_null() : values_write_uint(field, at, report);
}

static int values_read_uint_or_null(struct ipm_json_reading *reading,
                                    const struct ipm_json_field *field, json_t *value,
                                    void *at) {
    uint64_t none = 0;
    if (!json_is_null(value)) {
        return values_read_uint(reading, field, value, at);
    }
    memcpy(at, &none, sizeof none);
    return 0;
}

static json_t *values_write_int(const struct ipm_json_field *field, const void *at,
                                const struct ipm_report *report) {
    int64_t number = -1;
    memcpy(&number, at, sizeof number);
    return number < 0 ? json_null() : values_write_uint(field, at, report);
}

static int values_read_int(struct ipm_json_reading *reading,
                           const struct ipm_json_field *field, json_t *value, void *at) {
    int64_t unknown = -1;
    if (!json_is_null(value)) {
        return values_read_uint(reading, field, value, at);
    }
    memcpy(at, &unknown, sizeof unknown);
    return 0;
}

static json_t *values_write_real(const struct ipm_json_field *field, const void *at,
                                 const struct ipm_report *report) {
    (void)field;
    (void)report;
    double number = NAN;
    memcpy(&number, at, sizeof number);
    return isfinite(number) ? json_real(number) : json_null();
}

static int values_read_real(struct ipm_json_reading *reading,
                            const struct ipm_json_field *field, json_t *value, void *at) {
    (void)field;
    double number = NAN;
    if (!json_is_null(value)) {
        number = json_is_number(value) ? json_number_value(value) : -1;
        if (number < 0) {
            return ipm_json_refuse(reading, "must be a number from 0, or null");
        }
    }
    memcpy(at, &number, sizeof number);
    return 0;
}

static json_t *values_write_bool(const struct ipm_json_field *field, const void *at,
                                 const struct ipm_report *report) {
    (void)field;
    (void)report;
    bool truth = false;
    memcpy(&truth, at, sizeof truth);
    return json_boolean(truth);
}

static int values_read_bool(struct ipm_json_reading *reading,
                            const struct ipm_json_field *field, json_t *value, void *at) {
    (void)field;
    bool truth = json_is_true(value);
    if (!json_is_boolean(value)) {
        return ipm_json_refuse(reading, "must be true or false");
    }
    memcpy(at, &truth, sizeof truth);
    return 0;
}

json_t *ipm_json_mended(const char *text, size_t size) {
    char mended[IPM_REASON_BYTES];
    assert(size <= sizeof mended);
    ipm_utf8_mend(mended, size, text);
    return json_string(mended);
}

int ipm_json_read_string(struct ipm_json_reading *reading, const json_t *value, char *dst,
                         size_t size) {
    if (!json_is_string(value)) {
        return ipm_json_refuse(reading, "must be a string");
    }
    ipm_utf8_mend(dst, size, json_string_value(value));
    return 0;
}

static json_t *values_write_name(const struct ipm_json_field *field, const void *at,
                                 const struct ipm_report *report) {
    (void)report;
    return ipm_json_mended(at, field->size);
}

static int values_read_name(struct ipm_json_reading *reading,
                            const struct ipm_json_field *field, json_t *value, void *at) {
    if (json_is_string(value) && json_string_length(value) == 0) {
        return ipm_json_refuse(reading, "must not be empty");
    }
    return ipm_json_read_string(reading, value, at, field->size);
}

static json_t *values_write_text(const struct ipm_json_field *field, const void *at,
                                 const struct ipm_report *report) {
    (void)report;
    const char *text = at;
    return *text == '\0' ? json_null() : ipm_json_mended(text, field->size);
}

static int values_read_text(struct ipm_json_reading *reading,
                            const struct ipm_json_field *field, json_t *value, void *at) {
    if (json_is_null(value)) {
        *(char *)at = '\0';
        return 0;
    }
    if (!json_is_string(value)) {
        return ipm_json_refuse(reading, "must be a string or null");
    }
    return ipm_json_read_string(reading, value, at, field->size);
}

static json_t *values_write_choice(const struct ipm_json_field *field, const void *at,
                                   const struct ipm_report *report) {
    (void)report;
    unsigned choice = 0;
    memcpy(&choice, at, sizeof choice);
    const char *word = field->words[choice];
    return *word == '\0' ? json_null() : json_string(word);
}

static int values_read_choice(struct ipm_json_reading *reading,
                              const struct ipm_json_field *field, json_t *value,
                              void *at) {
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    for (unsigned i = 0; field->words[i] != NULL; i++) {
        if (*text != '\0' && strcmp(field->words[i], text) == 0) {
            memcpy(at, &i, sizeof i);
            return 0;
        }
    }
    return ipm_json_refuse(reading, "is no word that this ipcmark knows");
}

static json_t *values_write_count(const struct ipm_json_field *field, const void *at,
                                  const struct ipm_report *report) {
    (void)field;
    (void)report;
    size_t count = 0;
    memcpy(&count, at, sizeof count);
    return json_integer((json_int_t)count);
}

const struct ipm_json_codec ipm_json_uint = {.write = values_write_uint,
                                             .read = values_read_uint};
const struct ipm_json_codec ipm_json_uint_or_null = {.write = values_write_uint_or_null,
                                                     .read = values_read_uint_or_null};
const struct ipm_json_codec ipm_json_int = {.write = values_write_int,
                                            .read = values_read_int};
const struct ipm_json_codec ipm_json_real = {.write = values_write_real,
                                             .read = values_read_real};
const struct ipm_json_codec ipm_json_bool = {.write = values_write_bool,
                                             .read = values_read_bool};
const struct ipm_json_codec ipm_json_name = {.write = values_write_name,
                                             .read = values_read_name};
const struct ipm_json_codec ipm_json_text = {.write = values_write_text,
                                             .read = values_read_text};
const struct ipm_json_codec ipm_json_choice = {.write = values_write_choice,
                                               .read = values_read_choice};
const struct ipm_json_codec ipm_json_derived_choice = {.write = values_write_choice};
const struct ipm_json_codec ipm_json_derived_count = {.write = values_write_count};
const struct ipm_json_codec ipm_json_derived_real = {.write = values_write_real};
