/* codec.h - how a member of a struct becomes a JSON value and comes back.
 *
 * One table of fields describes a struct; the writer and the reader walk the same table,
 * so they cannot disagree. A codec is one kind of member. */
#ifndef IPM_REPORTS_JSON_CODEC_H
#define IPM_REPORTS_JSON_CODEC_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ipm_err;
struct ipm_json_codec;
struct ipm_report;

/* The largest count in a report: the sum of four still fits an int64_t, so that whoever
 * adds the numbers of a hostile file cannot overflow. */
#define IPM_JSON_MOST ((uint64_t)INT64_MAX / 4)

/* A list of structs: counted, and either behind a pointer or inside its owner. */
struct ipm_json_rows {
    const struct ipm_json_field *fields; /* of one row */
    size_t count_offset;                 /* of the size_t, from the owner */
    size_t items_offset;                 /* of the pointer or the array, from the owner */
    size_t item_size;
    bool inlined;
    size_t most;
    void *(*add)(void *owner); /* a new row, zeroed, or NULL; for the reader */
};

struct ipm_json_field {
    const char *key; /* NULL ends a table */
    const struct ipm_json_codec *codec;
    size_t offset;
    size_t size;
    uint64_t least; /* of a number; most 0 means IPM_JSON_MOST */
    uint64_t most;
    const struct ipm_json_field *fields; /* of a struct inside */
    const struct ipm_json_rows *rows;
    const char *const *words; /* of an enum, by value, NULL at the end; "" is null */
};

enum { IPM_JSON_PATH_BYTES = 192 };

struct ipm_json_reading {
    const char *name; /* of the document, for messages */
    struct ipm_report *report;
    struct ipm_err *err;
    char path[IPM_JSON_PATH_BYTES]; /* "cases[3].trials[0]" */
};

struct ipm_json_codec {
    /* A new value, or NULL: no memory. `at` is the member. */
    json_t *(*write)(const struct ipm_json_field *field, const void *at,
                     const struct ipm_report *report);

    /* Returns 0 or a negative errno with err set. NULL: the member follows from others,
     * so the reader does not look at it. */
    int (*read)(struct ipm_json_reading *reading, const struct ipm_json_field *field,
                json_t *value, void *at);
};

/* json/values.c: plain members. */
extern const struct ipm_json_codec ipm_json_uint;         /* uint64_t */
extern const struct ipm_json_codec ipm_json_uint_or_null; /* 0 is null */
extern const struct ipm_json_codec ipm_json_int;          /* int64_t, -1 is null */
extern const struct ipm_json_codec ipm_json_real;         /* double, NaN is null */
extern const struct ipm_json_codec ipm_json_bool;
extern const struct ipm_json_codec ipm_json_name; /* char[], never empty */
extern const struct ipm_json_codec ipm_json_text; /* char[], "" is null */
extern const struct ipm_json_codec ipm_json_choice;
extern const struct ipm_json_codec ipm_json_derived_choice;
extern const struct ipm_json_codec ipm_json_derived_count; /* size_t */
extern const struct ipm_json_codec ipm_json_derived_real;

/* json/nested.c: members made of others. */
extern const struct ipm_json_codec ipm_json_object;
extern const struct ipm_json_codec ipm_json_rows;
extern const struct ipm_json_codec ipm_json_derived_object;
extern const struct ipm_json_codec ipm_json_derived_rows;
extern const struct ipm_json_codec ipm_json_wire; /* struct ipm_wire_use */

/* json/lists.c: lists of plain things. */
extern const struct ipm_json_codec ipm_json_names;   /* struct ipm_names */
extern const struct ipm_json_codec ipm_json_sizes;   /* struct ipm_sizes */
extern const struct ipm_json_codec ipm_json_pins;    /* struct ipm_pins */
extern const struct ipm_json_codec ipm_json_command; /* report->run.command */

/* json/maps.c: objects whose keys are data. */
extern const struct ipm_json_codec ipm_json_facts;       /* struct ipm_facts */
extern const struct ipm_json_codec ipm_json_mitigations; /* of struct ipm_host */
extern const struct ipm_json_codec ipm_json_memcpy;      /* of struct ipm_references */
extern const struct ipm_json_codec ipm_json_memcpy_round;

/* json/histogram.c: the buckets of a struct ipm_latency, and no more of it. The reader
 * leaves memory behind also when it fails: ipm_latency_done. */
extern const struct ipm_json_codec ipm_json_histogram;

/* json/latency.c: struct ipm_latency, null when nothing was timed. The derived one has no
 * histogram in it. */
extern const struct ipm_json_codec ipm_json_latency;
extern const struct ipm_json_codec ipm_json_derived_latency;
extern const struct ipm_json_field ipm_json_fields_latency[];

/* json/fields.c: the report, but for its first two keys. */
extern const struct ipm_json_field ipm_json_fields_report[];
extern const struct ipm_json_field ipm_json_fields_statistic[];

/* Writes the fields of the struct at base into object, in order. 0, or -1: no memory. */
int ipm_json_write_fields(json_t *object, const struct ipm_json_field *fields,
                          const void *base, const struct ipm_report *report);

/* Reads them back. Keys that no field names are left alone. */
int ipm_json_read_fields(struct ipm_json_reading *reading,
                         const struct ipm_json_field *fields, json_t *object, void *base);

/* A JSON string of text that may not be UTF-8, cut to what `size` bytes can hold. */
json_t *ipm_json_mended(const char *text, size_t size);

/* Reads a string into dst; what does not fit is cut between two characters. */
int ipm_json_read_string(struct ipm_json_reading *reading, const json_t *value, char *dst,
                         size_t size);

/* json/path.c: where the reader is. Enter returns what leave wants. */
size_t ipm_json_enter_key(struct ipm_json_reading *reading, const char *key);
size_t ipm_json_enter_index(struct ipm_json_reading *reading, size_t index);
void ipm_json_leave(struct ipm_json_reading *reading, size_t mark);

/* Sets err to "'name' is no ipcmark report: path words". Returns -EINVAL. */
__attribute__((format(printf, 2, 3))) int
ipm_json_refuse(struct ipm_json_reading *reading, const char *format, ...);

/* Sets err to the lack of memory. Returns -ENOMEM. */
int ipm_json_no_memory(struct ipm_json_reading *reading);

#endif
