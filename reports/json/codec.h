/* codec.h - converts structs to JSON objects and back.
 *
 * A table of fields describes a struct. The writer, the reader and the schema use the same
 * table, so they cannot disagree. A codec converts one kind of member. */
#ifndef IPM_REPORTS_JSON_CODEC_H
#define IPM_REPORTS_JSON_CODEC_H

#include "reports/json/scan.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct ipm_err;
struct ipm_json_codec;
struct ipm_json_object;
struct ipm_report;

/* The largest number in a report, because many programs keep numbers as doubles. It also
 * keeps sums of the numbers of a hostile file from overflowing. */
#define IPM_JSON_MOST ((uint64_t)1 << 53)

struct ipm_json_field {
    const char *key;
    const char *doc; /* contains "null: WHEN." where null means more than unknown */
    const struct ipm_json_codec *codec;
    size_t offset; /* of the member in its struct */
    size_t size;   /* of the member, or of one item */
    bool derived;  /* the value follows from other members: the reader ignores it */
    uint64_t least;
    uint64_t most;                        /* 0: the limit of the codec */
    const struct ipm_json_object *object; /* the table of a struct inside */
    const char *const *words; /* of an enum, by value, NULL at the end; "" is null */

    /* Of a list or a map; the members above describe an item. */
    const struct ipm_json_codec *item;
    size_t count_offset; /* of the number of items, in the struct */
    size_t count_size;
    size_t items_least;
    size_t items_most;
    bool inlined; /* the member is the array itself, not a pointer to it */

    /* The member is a pointer to a struct, or NULL for null; the value is at `inner` in that
     * struct. */
    bool behind;
    size_t inner;

    /* Not NULL: this row stands for the rows of another table. Fills the row of that number;
     * returns false when there is none. */
    bool (*make)(size_t number, struct ipm_json_field *ret_field);
};

struct ipm_json_object {
    const char *name; /* in the schema */
    const char *doc;
    const struct ipm_json_field *fields;
    size_t count;
    size_t facts_most; /* not 0: any facts, at most so many; the table has known ones */
};

/* Iterates over the rows of an object, including those that `make` fills. */
struct ipm_json_walk {
    const struct ipm_json_object *object;
    size_t row;
    size_t made;
    size_t count; /* number of rows so far */
    struct ipm_json_field field;
};

/* The input of a codec that writes. */
struct ipm_json_source {
    const struct ipm_json_field *field;
    const void *at;
    const struct ipm_report *report;
};

enum { IPM_JSON_PATH_BYTES = 192 };

struct ipm_json_reading {
    const char *name; /* of the document, for messages */
    const char *end;  /* of the last value */
    struct ipm_report *report;
    struct ipm_err *err;
    char words[IPM_JSON_PATH_BYTES]; /* why the document was refused, or "" */
    char path[IPM_JSON_PATH_BYTES];  /* where: "cases[3].trials[0]" */
};

/* Where a codec stores what it reads. */
struct ipm_json_target {
    const struct ipm_json_field *field;
    void *at;
    struct ipm_json_reading *reading;
};

struct ipm_json_codec {
    /* Returns a new value, or NULL: no memory. */
    json_t *(*write)(const struct ipm_json_source *source);

    /* Returns 0, -EINVAL of ipm_json_refuse, or -ENOMEM. NULL: such fields are derived. */
    int (*read)(const struct ipm_json_target *target, const char *value);

    const char *type;                /* in the schema */
    uint64_t least;                  /* of a number, or the length of a text */
    bool nullable;                   /* null is read as bytes that are all `unknown` */
    unsigned char unknown;           /* 0xff makes -1 and NaN */
    bool (*is_key)(const char *key); /* of a map; NULL: any text is a key */
    const char *key_pattern;         /* of such keys, in the schema; NULL: none */
};

/* values.c: numbers, booleans, words and texts. `or_null`: 0 or NULL is null. A negative int or
 * maybe, a real that is NaN and an empty text are null. A number is never NaN, and a name is
 * never empty. A pointer is a char * on the heap. A choice is an enum or a bool; version and
 * word, the only one of its words, belong to no member. */
extern const struct ipm_json_codec ipm_json_uint, ipm_json_uint_or_null, ipm_json_int,
    ipm_json_real, ipm_json_number, ipm_json_truth, ipm_json_maybe, ipm_json_choice,
    ipm_json_name, ipm_json_text, ipm_json_pointer, ipm_json_pointer_or_null,
    ipm_json_pin, ipm_json_version, ipm_json_word;

/* nested.c: structs, struct ipm_wire_use, the counters of struct ipm_usage, lists, and maps,
 * which are lists whose items begin with a key. */
extern const struct ipm_json_codec ipm_json_object, ipm_json_wire, ipm_json_counted,
    ipm_json_array, ipm_json_map;

/* rows.c: enum ipm_metric_id by its key, and struct ipm_statistic. */
extern const struct ipm_json_codec ipm_json_metric;
extern const struct ipm_json_object ipm_json_of_statistic;

/* Make the rows of the summary of struct ipm_case (the metrics without the quantiles, which the
 * latencies have), the settings of struct ipm_case, and the settings of struct ipm_options that are
 * common to all cases. */
bool ipm_json_make_metric(size_t number, struct ipm_json_field *ret_field);
bool ipm_json_make_setting(size_t number, struct ipm_json_field *ret_field);
bool ipm_json_make_common(size_t number, struct ipm_json_field *ret_field);

/* maps.c: struct ipm_fact, struct ipm_named_text, the same as a label of a run, and maps by the
 * sizes of the references: `sizes` reads the keys, `by_size` the values. */
extern const struct ipm_json_codec ipm_json_fact, ipm_json_named_text, ipm_json_label,
    ipm_json_sizes, ipm_json_by_size;

/* latency.c: struct ipm_latency, null when nothing was timed; the caller frees it. */
extern const struct ipm_json_codec ipm_json_latency;

/* checkup.c: struct ipm_value. choice.c: a set of needs, as a list of their names. */
extern const struct ipm_json_codec ipm_json_value, ipm_json_needs;

/* The tables of fields. */
extern const struct ipm_json_object ipm_json_of_report, ipm_json_of_run, ipm_json_of_tool,
    ipm_json_of_case, ipm_json_of_trial, ipm_json_of_endpoint, ipm_json_of_counted,
    ipm_json_of_effective_facts, ipm_json_of_comparison, ipm_json_of_choice,
    ipm_json_of_doctor, ipm_json_of_explanation, ipm_json_of_merge, ipm_json_of_model,
    ipm_json_of_latency, ipm_json_of_latency_figures /* without histogram */;

/* Returns the next row, or NULL. */
const struct ipm_json_field *ipm_json_next(struct ipm_json_walk *walk);

/* Returns the value of one field of the struct at base, or NULL: no memory. */
json_t *ipm_json_write(const struct ipm_json_field *field, const void *base,
                       const struct ipm_report *report);

/* Reads one field, or all of an object, and sets reading->end. Keys that no field has are
 * left alone. Returns 0, -EINVAL of ipm_json_refuse, or -ENOMEM. */
int ipm_json_read(const struct ipm_json_field *field, const char *value, void *base,
                  struct ipm_json_reading *reading);
int ipm_json_read_fields(struct ipm_json_reading *reading,
                         const struct ipm_json_object *object, const char *value,
                         void *base);

/* Returns the field of an item of a list or a map; its struct is the item. */
struct ipm_json_field ipm_json_item(const struct ipm_json_field *field);

/* Returns the items of a list or map, and their number. */
const char *ipm_json_items(const struct ipm_json_source *source, size_t *ret_count);

/* Calls `item` for each entry of an array or, with keys, of an object. `item` reads the value
 * and sets reading->end. Refuses another kind of value, more entries than the field may
 * have, and what `item` refuses. */
int ipm_json_read_each(const struct ipm_json_target *target, const char *value, char kind,
                       int (*item)(const struct ipm_json_target *target, size_t index,
                                   const char *key, const char *value));

/* Reads a string into a buffer; what does not fit is cut between two characters. */
int ipm_json_read_text(const struct ipm_json_target *target, const char *value,
                       char *ret_text, size_t size);

/* Returns a JSON string of text that may not be UTF-8, cut to what `size` bytes can hold. */
json_t *ipm_json_mended(const char *text, size_t size);

/* Returns the same of text of any length, and null of NULL. */
json_t *ipm_json_mended_or_null(const char *text);

/* Adds value, which may be NULL, to *json. On failure *json is freed and NULL. */
void ipm_json_append(json_t **json, json_t *value);
void ipm_json_set(json_t **json, const char *key, json_t *value);

/* Reads and writes an unsigned member of 1, 4 or 8 bytes. */
uint64_t ipm_json_load(const void *at, size_t size);
void ipm_json_store(void *at, size_t size, uint64_t number);

/* path.c: records why a document is refused and returns -EINVAL. The callers add the path,
 * from the inside out: in_key and in_index return `code`. */
__attribute__((format(printf, 2, 3))) int
ipm_json_refuse(struct ipm_json_reading *reading, const char *format, ...);
int ipm_json_in_key(struct ipm_json_reading *reading, const char *key, int code);
int ipm_json_in_index(struct ipm_json_reading *reading, size_t index, int code);

/* The size of a document above which the reader, and so the writer, refuses it. */
#define IPM_JSON_BYTES_MOST ((size_t)1 << 30)

/* read.c: reads and checks a document, which must be an object of up to `bytes_most` bytes.
 * The caller frees *ret_text, also on error. Returns 0, -EINVAL of ipm_json_refuse, or the
 * negative errno of reading. */
int ipm_json_read_document(struct ipm_json_reading *reading, FILE *in, size_t bytes_most,
                           char **ret_text, const char **ret_value);

/* agree.c: refuses a report whose parts contradict each other. Returns 0, -EINVAL of
 * ipm_json_refuse, or -ENOMEM. */
int ipm_json_agree(struct ipm_json_reading *reading);

/* How a document is written. */
struct ipm_json_form {
    bool compact;      /* on one line; otherwise only arrays of plain values are */
    size_t bytes_most; /* 0: IPM_JSON_BYTES_MOST */
};

/* json.c: writes json and a newline to out and frees it; NULL is a lack of memory. Characters
 * beyond ASCII are escaped, as some of them change how others are shown. */
int ipm_json_sink(json_t *json, struct ipm_json_form form, FILE *out,
                  struct ipm_err *err);

/* --- macros for rows ---------------------------------------------------------------------
 *
 * Further members of the row follow the doc:
 * FIELD(uint, ipm_sample, round, "Which round it was in.", .most = IPM_ROUNDS_MOST) */

#define IPM_JSON_SIZE(of, member) sizeof(((struct of *)0)->member)

/* A member whose key has another name, and one whose key is its name. */
#define FIELD_AS(word, kind, of, member, ...)                                            \
    {                                                                                    \
        .key = (word), .codec = &ipm_json_##kind, .offset = offsetof(struct of, member), \
        .size = IPM_JSON_SIZE(of, member), .doc = __VA_ARGS__                            \
    }
#define FIELD(kind, of, member, ...) FIELD_AS(#member, kind, of, member, __VA_ARGS__)

/* A field that is computed from the whole struct. */
#define FIELD_WHOLE(word, kind, ...)                                                     \
    { .key = (word), .codec = &ipm_json_##kind, .doc = __VA_ARGS__ }

/* A member of a struct to which a member points. */
#define FIELD_BEHIND(word, kind, of, member, to, its, ...)                               \
    {                                                                                    \
        .key = (word), .codec = &ipm_json_##kind, .offset = offsetof(struct of, member), \
        .behind = true, .inner = offsetof(struct to, its),                               \
        .size = IPM_JSON_SIZE(to, its), .doc = __VA_ARGS__                               \
    }

/* A struct, by its table; one whose key is not its name; one that is computed. */
#define FIELD_STRUCT(of, member, table, ...)                                             \
    FIELD(object, of, member, __VA_ARGS__, .object = &(table))
#define FIELD_STRUCT_AS(word, of, member, table, ...)                                    \
    FIELD_AS(word, object, of, member, __VA_ARGS__, .object = &(table))
#define FIELD_STRUCT_WHOLE(word, table, ...)                                             \
    FIELD_WHOLE(word, object, __VA_ARGS__, .object = &(table))

/* An enum or a bool, by its words. */
#define FIELD_CHOICE(of, member, list, ...)                                              \
    FIELD(choice, of, member, __VA_ARGS__, .words = (list))

/* The direction of the metric of a struct, and the first keys of a document. */
#define FIELD_DIRECTION(of)                                                              \
    FIELD_BEHIND("direction", choice, of, metric, ipm_metric, more_is_better,            \
                 "Which direction is better.",                                           \
                 .words =                                                                \
                     (const char *const[]){"less_is_better", "more_is_better", NULL})
#define FIELD_HEAD(kind, about)                                                          \
    FIELD_WHOLE("schema_version", version, "Version of this document, as in a report."), \
        FIELD_WHOLE("kind", word, about, .words = (const char *const[]){kind, NULL})

/* A list or a map behind a pointer, or in an array; a list in a struct of that form. */
#define FIELD_LIST(word, container, kind, of, items, counter, limit, ...)                \
    {                                                                                    \
        .key = (word), .codec = &ipm_json_##container, .item = &ipm_json_##kind,         \
        .offset = offsetof(struct of, items), .size = IPM_JSON_SIZE(of, items[0]),       \
        .count_offset = offsetof(struct of, counter),                                    \
        .count_size = IPM_JSON_SIZE(of, counter), .items_most = (limit),                 \
        .doc = __VA_ARGS__                                                               \
    }
#define FIELD_STRUCTS(word, of, items, counter, limit, table, ...)                       \
    FIELD_LIST(word, array, object, of, items, counter, limit, __VA_ARGS__,              \
               .object = &(table))
#define FIELD_INLINE(word, container, kind, of, items, counter, ...)                     \
    {                                                                                    \
        .key = (word), .codec = &ipm_json_##container, .item = &ipm_json_##kind,         \
        .offset = offsetof(struct of, items), .size = IPM_JSON_SIZE(of, items[0]),       \
        .count_offset = offsetof(struct of, counter),                                    \
        .count_size = IPM_JSON_SIZE(of, counter), .inlined = true,                       \
        .items_most = IPM_JSON_SIZE(of, items) / IPM_JSON_SIZE(of, items[0]),            \
        .doc = __VA_ARGS__                                                               \
    }
#define FIELD_ARRAY(kind, of, member, ...)                                               \
    FIELD_INLINE(#member, array, kind, of, member.items, member.count, __VA_ARGS__)

#define CODEC(word, ...) const struct ipm_json_codec ipm_json_##word = {__VA_ARGS__}

/* The object with the rows rows_<word>. */
#define OBJECT_AS(variable, word, ...)                                                   \
    const struct ipm_json_object variable = {.name = #word,                              \
                                             .fields = rows_##word,                      \
                                             .count = sizeof rows_##word /               \
                                                      sizeof rows_##word[0],             \
                                             .doc = __VA_ARGS__}
#define OBJECT(word, ...)        static OBJECT_AS(of_##word, word, __VA_ARGS__)
#define OBJECT_SHARED(word, ...) OBJECT_AS(ipm_json_of_##word, word, __VA_ARGS__)

#endif
