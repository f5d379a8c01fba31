/* values.c - plain members to JSON and back: numbers, booleans, words. */
#include "base/utf8.h"
#include "model/plan/pin.h"
#include "model/report/report.h"
#include "reports/json/codec.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

uint64_t ipm_json_load(const void *at, size_t size) {
    uint64_t wide = 0;
    uint32_t narrow = 0;
    if (size == sizeof(uint8_t))
        return *(const uint8_t *)at;
    memcpy(size == sizeof wide ? (void *)&wide : (void *)&narrow, at, size);
    return size == sizeof wide ? wide : narrow;
}

void ipm_json_store(void *at, size_t size, uint64_t number) {
    const uint32_t narrow = (uint32_t)number;
    if (size == sizeof(uint8_t))
        *(uint8_t *)at = (uint8_t)number;
    else
        memcpy(at, size == sizeof number ? (const void *)&number : (const void *)&narrow,
               size);
}

/* --- numbers and truths ------------------------------------------------------------------ */

static uint64_t values_most(const struct ipm_json_field *field) {
    return field->most > 0 ? field->most : IPM_JSON_MOST;
}

/* A number beyond IPM_JSON_MOST is a text of digits, which other programs keep as it is. */
static json_t *values_write_uint(const struct ipm_json_source *source) {
    const uint64_t stored = ipm_json_load(source->at, source->field->size);
    const uint64_t most = values_most(source->field);
    const uint64_t number = stored < most ? stored : most;
    return number > IPM_JSON_MOST ? json_sprintf("%" PRIu64, number)
                                  : json_integer((json_int_t)number);
}

static json_t *values_write_uint_or_null(const struct ipm_json_source *source) {
    return ipm_json_load(source->at, source->field->size) == 0
               ? json_null()
               : values_write_uint(source);
}

static json_t *values_write_int(const struct ipm_json_source *source) {
    return (int64_t)ipm_json_load(source->at, sizeof(int64_t)) < 0
               ? json_null()
               : values_write_uint(source);
}

/* Reads a whole number, or a text of digits. */
static bool values_whole(const char *value, bool quotable, int64_t *ret_number) {
    const bool quoted = quotable && *value == '"';
    return ipm_json_whole_of(value + quoted, ret_number) &&
           (!quoted || value[1 + strspn(value + 1, "0123456789")] == '"');
}

static int values_read_uint(const struct ipm_json_target *target, const char *value) {
    const struct ipm_json_field *field = target->field;
    int64_t number = -1;
    const uint64_t most = values_most(field);
    const uint64_t least =
        field->least > field->codec->least ? field->least : field->codec->least;
    if (!values_whole(value, most > IPM_JSON_MOST, &number) || number < 0 ||
        (uint64_t)number < least || (uint64_t)number > most)
        return ipm_json_refuse(target->reading,
                               "must be a whole number from %" PRIu64 " to %" PRIu64,
                               least, most);
    ipm_json_store(target->at, field->size, (uint64_t)number);
    return 0;
}

static json_t *values_write_real(const struct ipm_json_source *source) {
    double number = NAN;
    memcpy(&number, source->at, sizeof number);
    return isfinite(number) ? json_real(number) : json_null();
}

static int values_read_real(const struct ipm_json_target *target, const char *value) {
    const struct ipm_json_field *field = target->field;
    double number;
    const char *null = field->codec->nullable ? ", or null" : "";
    if (!ipm_json_real_of(value, &number) || number < 0 || isinf(number))
        return ipm_json_refuse(target->reading, "must be a number from 0%s", null);
    if (field->most > 0 && number > (double)field->most)
        return ipm_json_refuse(target->reading,
                               "must be a number from 0 to %" PRIu64 "%s", field->most,
                               null);
    memcpy(target->at, &number, sizeof number);
    return 0;
}

static json_t *values_write_bool(const struct ipm_json_source *source) {
    return json_boolean(ipm_json_load(source->at, sizeof(bool)));
}

static int values_read_bool(const struct ipm_json_target *target, const char *value) {
    if (*value != 't' && *value != 'f')
        return ipm_json_refuse(target->reading, "must be true or false");
    ipm_json_store(target->at, target->field->size, *value == 't');
    return 0;
}

static json_t *values_write_maybe(const struct ipm_json_source *source) {
    int maybe = -1;
    memcpy(&maybe, source->at, sizeof maybe);
    return maybe < 0 ? json_null() : json_boolean(maybe);
}

static json_t *values_write_version(const struct ipm_json_source *source) {
    (void)source;
    return json_integer(IPM_SCHEMA_VERSION);
}

/* --- words ------------------------------------------------------------------------------- */

static json_t *values_write_choice(const struct ipm_json_source *source) {
    const size_t choice = (size_t)ipm_json_load(source->at, source->field->size);
    const char *word = source->field->words[choice];
    return *word == '\0' ? json_null() : json_string(word);
}

static int values_read_choice(const struct ipm_json_target *target, const char *value) {
    const char *const *words = target->field->words;
    for (size_t i = 0; words[i] != NULL; i++) {
        if (words[i][0] == '\0' || !ipm_json_is(value, words[i]))
            continue;
        ipm_json_store(target->at, target->field->size, i);
        return 0;
    }
    return ipm_json_refuse(target->reading, "is no word that this ipcmark knows");
}

static json_t *values_write_word(const struct ipm_json_source *source) {
    return json_string(source->field->words[0]);
}

json_t *ipm_json_mended(const char *text, size_t size) {
    char *mended = malloc(size);
    if (mended == NULL)
        return NULL;
    ipm_utf8_mend(mended, size, text);
    json_t *string = json_string(mended);
    free(mended);
    return string;
}

json_t *ipm_json_mended_or_null(const char *text) {
    return text == NULL ? json_null() /* U+FFFD takes three bytes for one */
                        : ipm_json_mended(text, 3 * strlen(text) + 1);
}

static json_t *values_write_string(const struct ipm_json_source *source) {
    return ipm_json_mended(source->at, source->field->size);
}

static json_t *values_write_text(const struct ipm_json_source *source) {
    return *(const char *)source->at == '\0' ? json_null() : values_write_string(source);
}

int ipm_json_read_text(const struct ipm_json_target *target, const char *value,
                       char *ret_text, size_t size) {
    char *text = *value == '"' ? ipm_json_text_of(value) : NULL;
    if (*value != '"')
        return ipm_json_refuse(target->reading, "must be a string%s",
                               target->field->codec->nullable ? " or null" : "");
    if (text == NULL)
        return -ENOMEM;
    ipm_utf8_mend(ret_text, size, text);
    free(text);
    return 0;
}

static int values_read_string(const struct ipm_json_target *target, const char *value) {
    const struct ipm_json_codec *codec = target->field->codec;
    if (codec->least > 0 && !codec->nullable && ipm_json_is(value, ""))
        return ipm_json_refuse(target->reading, "must not be empty");
    return ipm_json_read_text(target, value, target->at, target->field->size);
}

static json_t *values_write_pointer(const struct ipm_json_source *source) {
    const char *text = NULL;
    memcpy((void *)&text, source->at, sizeof text);
    return ipm_json_mended_or_null(text);
}

static int values_read_pointer(const struct ipm_json_target *target, const char *value) {
    if (*value != '"')
        return ipm_json_refuse(target->reading, "must be a string");
    char *text = ipm_json_text_of(value);
    memcpy(target->at, (const void *)&text, sizeof text);
    return text != NULL ? 0 : -ENOMEM;
}

static json_t *values_write_pin(const struct ipm_json_source *source) {
    char word[IPM_NAME_BYTES];
    ipm_pin_word(word, source->at);
    return json_string(word);
}

static int values_read_pin(const struct ipm_json_target *target, const char *value) {
    char *word = *value == '"' ? ipm_json_text_of(value) : NULL;
    const bool valid = word != NULL && ipm_pin_parse(target->at, word);
    free(word);
    return valid ? 0
                 : ipm_json_refuse(target->reading,
                                   "must be a placement, such as same or 0:1");
}

/* --- the codecs -------------------------------------------------------------------------- */

CODEC(uint, .write = values_write_uint, .read = values_read_uint, .type = "integer");
CODEC(uint_or_null, .write = values_write_uint_or_null, .read = values_read_uint,
      .type = "integer", .least = 1, .nullable = true);
CODEC(int, .write = values_write_int, .read = values_read_uint, .type = "integer",
      .nullable = true, .unknown = 0xff);
CODEC(real, .write = values_write_real, .read = values_read_real, .type = "number",
      .nullable = true, .unknown = 0xff);
CODEC(number, .write = values_write_real, .read = values_read_real, .type = "number");
CODEC(truth, .write = values_write_bool, .read = values_read_bool, .type = "boolean");
CODEC(maybe, .write = values_write_maybe, .read = values_read_bool, .type = "boolean",
      .nullable = true, .unknown = 0xff);
CODEC(choice, .write = values_write_choice, .read = values_read_choice);
CODEC(name, .write = values_write_string, .read = values_read_string, .type = "string",
      .least = 1);
CODEC(text, .write = values_write_text, .read = values_read_string, .type = "string",
      .least = 1, .nullable = true);
CODEC(pointer, .write = values_write_pointer, .read = values_read_pointer,
      .type = "string");
CODEC(pointer_or_null, .write = values_write_pointer, .type = "string", .nullable = true);
CODEC(pin, .write = values_write_pin, .read = values_read_pin, .type = "string");
CODEC(version, .write = values_write_version);
CODEC(word, .write = values_write_word);
