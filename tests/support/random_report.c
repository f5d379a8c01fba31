#include "tests/support/random_report.h"

#include "base/array.h"
#include "reports/json/codec.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANDOM_ITEMS_MOST = 5 };

struct random_source {
    struct ipm_report *report;
    uint64_t state;
    int code;
};

/* xorshift64* (Vigna 2016). */
static uint64_t random_next(struct random_source *source) {
    source->state ^= source->state >> 12;
    source->state ^= source->state << 25;
    source->state ^= source->state >> 27;
    return source->state * 0x2545F4914F6CDD1Dull;
}

static uint64_t random_below(struct random_source *source, uint64_t bound) {
    return (random_next(source) >> 8) % bound;
}

static size_t random_index(struct random_source *source, size_t count) {
    return (size_t)random_below(source, count);
}

static void random_fields(struct random_source *source,
                          const struct ipm_json_object *object, void *base);

/* --- plain values ------------------------------------------------------------------------ */

static void random_uint(struct random_source *source, const struct ipm_json_field *field,
                        void *at) {
    const uint64_t most = field->most > 0 ? field->most : IPM_JSON_MOST;
    const uint64_t least =
        field->least > field->codec->least ? field->least : field->codec->least;
    const uint64_t numbers[] = {least, most, least + 1,
                                least + random_below(source, most - least + 1)};
    ipm_json_store(at, field->size, numbers[random_below(source, 4)]);
}

static void random_uint_or_null(struct random_source *source,
                                const struct ipm_json_field *field, void *at) {
    random_uint(source, field, at);
    if (random_below(source, 4) == 0)
        ipm_json_store(at, field->size, 0);
}

static void random_int(struct random_source *source, const struct ipm_json_field *field,
                       void *at) {
    random_uint(source, field, at);
    if (random_below(source, 4) == 0)
        memset(at, 0xff, field->size);
}

static void random_real(struct random_source *source, const struct ipm_json_field *field,
                        void *at) {
    const double most = field->most > 0 ? (double)field->most : 1.7e308;
    const double numbers[] = {
        NAN,  0,   5e-324,
        most, 0.1, (double)random_next(source) / (double)(random_next(source) | 1)};
    memcpy(at, &numbers[random_below(source, 6)], sizeof(double));
}

static void random_truth(struct random_source *source, const struct ipm_json_field *field,
                         void *at) {
    ipm_json_store(at, field->size, random_below(source, 2));
}

static void random_maybe(struct random_source *source, const struct ipm_json_field *field,
                         void *at) {
    const int maybe = (int)random_below(source, 3) - 1;
    (void)field;
    memcpy(at, &maybe, sizeof maybe);
}

static void random_choice(struct random_source *source,
                          const struct ipm_json_field *field, void *at) {
    size_t count = 0;
    while (field->words[count] != NULL)
        count++;
    ipm_json_store(at, field->size, random_below(source, count));
}

static void random_metric(struct random_source *source,
                          const struct ipm_json_field *field, void *at) {
    size_t metric = random_index(source, IPM_METRICS);
    while (ipm_metrics[metric].quantile > 0)
        metric = random_index(source, IPM_METRICS);
    ipm_json_store(at, field->size, metric);
}

static void random_pin(struct random_source *source, const struct ipm_json_field *field,
                       void *at) {
    struct ipm_pin *pin = at;
    (void)field;
    *pin = (struct ipm_pin){.kind =
                                (enum ipm_pin_kind)random_below(source, IPM_PIN_CPUS + 1),
                            .sender_cpu = -1,
                            .receiver_cpu = -1};
    if (pin->kind == IPM_PIN_CPUS) {
        pin->sender_cpu = (int)random_below(source, 65536);
        pin->receiver_cpu = (int)random_below(source, 3);
    }
}

/* --- text -------------------------------------------------------------------------------- */

static void random_string(struct random_source *source, char *text, size_t size) {
    static const char *const pieces[] = {
        "a",    "pipe", " ",    "\"",       "\\",           "\n",         "\x1b[31m",
        "\x7f", "é",    "\xff", "\xe2\x82", "\xed\xa0\x80", "\U0001f600", "</script>",
        "{}",   ",",    "\xc0", "0",        "null",         "\u2028",
    };
    size_t used = 0;
    size_t wanted = random_below(source, 8) == 0 ? size : random_index(source, 12);
    for (size_t i = 0; i < wanted; i++) {
        const char *piece = pieces[random_below(source, sizeof pieces / sizeof *pieces)];
        const size_t length = strlen(piece);
        if (used + length >= size)
            break;
        memcpy(text + used, piece, length);
        used += length;
    }
    text[used] = '\0';
}

static void random_text(struct random_source *source, const struct ipm_json_field *field,
                        void *at) {
    random_string(source, at, field->size);
}

static void random_name(struct random_source *source, const struct ipm_json_field *field,
                        void *at) {
    random_string(source, at, field->size);
    if (*(char *)at == '\0')
        (void)strcpy(at, "x");
}

static void random_pointer(struct random_source *source,
                           const struct ipm_json_field *field, void *at) {
    char text[300];
    (void)field;
    random_string(source, text, sizeof text);
    char *copy = strdup(text);
    source->code = copy == NULL ? -ENOMEM : source->code;
    memcpy(at, (const void *)&copy, sizeof copy);
}

/* --- what is in maps --------------------------------------------------------------------- */

/* As a careless plugin gives them: any number, with keys that are long, empty, twice there or
 * no names at all, and values that are no text. */
static void random_facts(struct random_source *source, struct ipm_fact_list *list) {
    struct ipm_facts facts = {.count = 0};
    static const char *const keys[] = {
        "port",          "so_sndbuf_bytes",
        "Socket Buffer", "",
        "\xff",          "refused",
        "notice",        "a_key_with_far_more_than_31_letters"};
    for (uint64_t n = random_below(source, 20); n > 0; n--) {
        char key[64];
        char text[2 * IPM_FACT_TEXT_BYTES];
        const uint64_t kind = random_below(source, 16);
        random_string(source, text, sizeof text);
        (void)snprintf(key, sizeof key, "key%zu", (size_t)kind);
        const char *chosen = kind < 8 ? keys[kind] : key;
        if (random_below(source, 2) != 0)
            ipm_facts_text(&facts, chosen, text);
        else
            ipm_facts_number(&facts, chosen,
                             (int64_t)random_next(source) >> random_below(source, 60));
    }
    if (random_below(source, 4) == 0)
        (void)snprintf(facts.items[0].key, sizeof facts.items[0].key, "By Hand");
    ipm_facts_check(&facts);
    if (ipm_fact_list_set(list, &facts) != 0)
        source->code = -ENOMEM;
}

/* The position in the report makes names differ. */
static void random_named(struct random_source *source, struct ipm_named_text *named,
                         const char *odd) {
    (void)snprintf(named->name, sizeof named->name, "m%zu%s",
                   (size_t)((char *)named - (char *)source->report), odd);
    random_string(source, named->text, sizeof named->text);
}

static void random_named_text(struct random_source *source,
                              const struct ipm_json_field *field, void *at) {
    char odd[8];
    (void)field;
    random_string(source, odd, sizeof odd);
    random_named(source, at, odd);
}

static void random_label(struct random_source *source, const struct ipm_json_field *field,
                         void *at) {
    (void)field;
    random_named(source, at, "");
}

static void random_sizes(struct random_source *source, const struct ipm_json_field *field,
                         void *at) {
    struct ipm_sizes *sizes = &source->report->references.sizes;
    (void)field;
    (void)at;
    sizes->count = random_index(source, RANDOM_ITEMS_MOST);
    for (size_t i = 0; i < sizes->count; i++)
        sizes->items[i] = (i + 1) << random_below(source, 50);
    for (size_t i = 1; i < sizes->count; i++)
        if (sizes->items[i] <= sizes->items[i - 1])
            sizes->items[i] = sizes->items[i - 1] + 1;
}

static void random_by_size(struct random_source *source,
                           const struct ipm_json_field *field, void *at) {
    for (size_t i = 0; i < source->report->references.sizes.count; i++)
        random_real(source, field, (double *)at + i);
}

static void random_latency(struct random_source *source,
                           const struct ipm_json_field *field, void *at) {
    struct ipm_histogram *histogram = calloc(1, sizeof *histogram);
    (void)field;
    if (histogram == NULL) {
        source->code = -ENOMEM;
        return;
    }
    for (uint64_t n = random_below(source, 3) * random_below(source, 30); n > 0; n--)
        ipm_histogram_record(histogram,
                             random_next(source) >> (21 + random_below(source, 43)));
    if (ipm_latency_take(at, histogram) != 0)
        source->code = -ENOMEM;
    free(histogram);
}

/* --- what is made of others -------------------------------------------------------------- */

static void random_object(struct random_source *source,
                          const struct ipm_json_field *field, void *at) {
    random_fields(source, field->object, at);
}

static void random_wire(struct random_source *source, const struct ipm_json_field *field,
                        void *at) {
    struct ipm_wire_use *wire = at;
    wire->known = (int)random_below(source, 2);
    if (wire->known)
        random_fields(source, field->object, at);
}

static void random_counted(struct random_source *source,
                           const struct ipm_json_field *field, void *at) {
    memset(at, -1, field->size);
    if (random_below(source, 2))
        random_fields(source, field->object, at);
}

static void random_value(struct random_source *source, const struct ipm_json_field *field,
                         void *at);

static void random_list(struct random_source *source, const struct ipm_json_field *field,
                        void *at) {
    const struct ipm_json_field item = ipm_json_item(field);
    if (item.codec == &ipm_json_fact) {
        random_facts(source,
                     (void *)((char *)at - offsetof(struct ipm_fact_list, items)));
        return;
    }
    char *counter = (char *)at - field->offset + field->count_offset;
    size_t wanted = random_index(source, RANDOM_ITEMS_MOST);
    if (wanted > field->items_most)
        wanted = field->items_most;
    for (size_t i = 0; i < wanted && source->code == 0; i++) {
        void *added = (char *)at + i * field->size;
        if (!field->inlined)
            added = ipm_array_add(at, (void *)counter, field->size);
        else
            ipm_json_store(counter, field->count_size, i + 1);
        if (added == NULL) {
            source->code = -ENOMEM;
            return;
        }
        random_value(source, &item, added);
    }
}

static const struct {
    const struct ipm_json_codec *codec;
    void (*fill)(struct random_source *source, const struct ipm_json_field *field,
                 void *at);
} random_kinds[] = {
    {&ipm_json_uint, random_uint},
    {&ipm_json_uint_or_null, random_uint_or_null},
    {&ipm_json_int, random_int},
    {&ipm_json_real, random_real},
    {&ipm_json_maybe, random_maybe},
    {&ipm_json_truth, random_truth},
    {&ipm_json_choice, random_choice},
    {&ipm_json_name, random_name},
    {&ipm_json_text, random_text},
    {&ipm_json_pointer, random_pointer},
    {&ipm_json_pin, random_pin},
    {&ipm_json_object, random_object},
    {&ipm_json_wire, random_wire},
    {&ipm_json_counted, random_counted},
    {&ipm_json_array, random_list},
    {&ipm_json_map, random_list},
    {&ipm_json_named_text, random_named_text},
    {&ipm_json_label, random_label},
    {&ipm_json_sizes, random_sizes},
    {&ipm_json_by_size, random_by_size},
    {&ipm_json_latency, random_latency},
    {&ipm_json_metric, random_metric},
};

/* A codec that is not in the table is none that this can fill: -EINVAL. */
static void random_value(struct random_source *source, const struct ipm_json_field *field,
                         void *at) {
    for (size_t i = 0; i < sizeof random_kinds / sizeof *random_kinds; i++) {
        if (random_kinds[i].codec == field->codec) {
            random_kinds[i].fill(source, field, at);
            return;
        }
    }
    source->code = -EINVAL;
}

static void random_fields(struct random_source *source,
                          const struct ipm_json_object *object, void *base) {
    const struct ipm_json_field *field = NULL;
    struct ipm_json_walk walk = {.object = object};
    while (source->code == 0 && (field = ipm_json_next(&walk)) != NULL)
        if (!field->derived && field->codec->read != NULL)
            random_value(source, field, (char *)base + field->offset);
}

/* No two cases have one name. */
static void random_tell_apart(char name[IPM_CASE_NAME_BYTES], size_t number) {
    char old[IPM_CASE_NAME_BYTES];
    memcpy(old, name, sizeof old);
    (void)snprintf(name, IPM_CASE_NAME_BYTES, "%zu/%.*s", number,
                   IPM_CASE_NAME_BYTES - 22, old);
}

/* Changes what contradicts itself: the reader refuses it. */
static void random_agree_trial(struct ipm_sample *trial, uint64_t round) {
    trial->round = round;
    if (trial->damage.lost_messages > trial->sent.messages)
        trial->damage.lost_messages = trial->sent.messages;
}

static void random_agree_case(struct ipm_case *c, size_t number) {
    random_tell_apart(c->config.name, number);
    if (c->status == IPM_CASE_SKIPPED && c->trial_count > 0)
        c->status = IPM_CASE_FAILED;
    if (c->status == IPM_CASE_OK)
        c->reason[0] = '\0';
    else if (c->reason[0] == '\0')
        (void)strcpy(c->reason, "x");
    for (size_t t = 0; t < c->trial_count; t++)
        random_agree_trial(&c->trials[t], t);
}

int ipm_report_random(struct ipm_report *report, uint64_t seed) {
    struct random_source source = {.report = report,
                                   .state = (seed + 1) * 0x9E3779B97F4A7C15ull};
    ipm_report_init(report);
    random_fields(&source, &ipm_json_of_report, report);
    for (size_t r = 0; r < report->references.count; r++)
        report->references.rounds[r].round = r;
    for (size_t c = 0; c < report->case_count; c++)
        random_agree_case(&report->cases[c], c);
    return source.code;
}
