/* Reading a report that is none, or one made to harm: one clear line, and soon. */
#include "tests/unit/test_reports_read.h"
#include "base/err.h"
#include "reports/json/codec.h"
#include "reports/renderer.h"
#include "tests/support/assert.h"
#include "tests/support/report_sample.h"
#include "tests/unit/test_reports_lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define refuse ipm_test_read_refuse

static const struct ipm_render_options plain = {.columns = 80};

int ipm_test_read_file(FILE *in, struct ipm_err *err) {
    struct ipm_report report;
    cr_assert(ne(ptr, in, NULL));
    *err = (struct ipm_err){0};
    int code = ipm_report_read(&report, in, "x.json", err);
    ipm_report_done(&report);
    (void)fclose(in);
    return code;
}

static int read_bytes(const char *text, size_t size, struct ipm_err *err) {
    FILE *in = tmpfile();
    cr_assert(ne(ptr, in, NULL));
    cr_assert(eq(sz, fwrite(text, 1, size, in), size));
    rewind(in);
    return ipm_test_read_file(in, err);
}

static int read_text(const char *text, struct ipm_err *err) {
    return read_bytes(text, strlen(text), err);
}

static char *text_after(int (*sample)(struct ipm_report *, uint64_t), uint64_t rounds,
                        void (*spoil)(struct ipm_report *)) {
    struct ipm_report report;
    cr_assert(eq(int, sample(&report, rounds), 0));
    spoil(&report);
    char *text = ipm_test_render("json", &report, plain);
    ipm_report_done(&report);
    return text;
}

static void spoil_nothing(struct ipm_report *report) {
    (void)report;
}

static char *sample_text(void) {
    return text_after(ipm_report_sample, 1, spoil_nothing);
}

/* The sample with the first `from` replaced by `to`. The caller frees it. */
static char *sample_with(const char *from, const char *to) {
    char *text = sample_text();
    char *at = strstr(text, from);
    char *changed = NULL;
    cr_assert(ne(ptr, at, NULL), "no %s in the sample", from);
    int length =
        asprintf(&changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    cr_assert(lt(int, 0, length));
    free(text);
    return changed;
}

void ipm_test_read_refuse(const char *from, const char *to, const char *words) {
    char *text = sample_with(from, to);
    struct ipm_err err;
    int code = read_text(text, &err);
    free(text);
    cr_assert(eq(int, code, -EINVAL), "%s -> %s: %s", from, to, err.text);
    cr_assert(eq(str, err.text, (char *)words));
    cr_assert(ne(str, err.hint, ""));
}

void ipm_test_read_spoiled(void (*spoil)(struct ipm_report *), const char *words) {
    char *text = text_after(ipm_report_sample, 3, spoil);
    struct ipm_err err;
    const int code = read_text(text, &err);
    free(text);
    cr_assert(eq(int, code, words != NULL ? -EINVAL : 0), "%s", err.text);
    cr_assert(eq(str, err.text, (char *)(words != NULL ? words : "")));
}

struct nonsense {
    const char *text;
    const char *words;
};

Test(reports_read, what_is_no_report_at_all_is_named_as_such) {
    static const struct nonsense rows[] = {
        {"", NO_REPORT "it is empty"},
        {" \n\t ", NO_REPORT "it is empty"},
        {"hello", NO_REPORT "it is no JSON object"},
        {"[]", NO_REPORT "it is no JSON object"},
        {"\x7f\x45LF", NO_REPORT "it is no JSON object"},
        {"{}", NO_REPORT "schema_version is missing"},
        {"{\"schema_version\": \"1\"}", NO_REPORT "schema_version is no whole number"},
        {"{\"schema_version\": 1.5}", NO_REPORT "schema_version is no whole number"},
        {"\xEF\xBB\xBF", NO_REPORT "it is empty"},
        {"\xEF\xBB\xBF[]", NO_REPORT "it is no JSON object"},
        {"{\"schema_version\": 2}",
         "'x.json' has schema version 2; this ipcmark reads 1"},
        {"{\"schema_version\": 99999999999999999999}",
         NO_REPORT "schema_version is no whole number"},
        {"{\"schema_version\": 1}", NO_REPORT "kind is missing"},
        {"\xEF\xBB\xBF{\"schema_version\": 10e-1}", NO_REPORT "kind is missing"},
        {"{\"schema_version\": 1, \"kind\": \"compare\"}",
         NO_REPORT "kind must be 'run'"},
        {"{\"schema_version\": 1, \"kind\": 7}", NO_REPORT "kind must be 'run'"},
        {"{\"schema_version\": 1, \"kind\": \"run\"}", NO_REPORT "tool is missing"},
        {"{\"schema_version\": 1, \"kind\": \"run\", \"tool\": []}",
         NO_REPORT "tool must be an object"},
        {"{\"schema_version\": 1, \"kind\": \"run\", \"tool\": {\"name\": \"a\", "
         "\"n\\u0061me\": \"b\"}}",
         NO_REPORT "tool.name is there twice"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ipm_err err;
        cr_assert(eq(int, read_text(rows[i].text, &err), -EINVAL));
        cr_assert(eq(str, err.text, (char *)rows[i].words));
        cr_assert(ne(str, err.hint, ""));
    }
}

Test(reports_read, a_document_cut_anywhere_is_refused) {
    char *text = sample_text();
    size_t size = strlen(text);
    for (size_t cut = 1; cut + 2 < size; cut += 1 + cut / 40) {
        struct ipm_err err;
        cr_assert(eq(int, read_bytes(text, cut, &err), -EINVAL), "at %zu", cut);
        cr_assert(eq(ptr, strchr(err.text, '\n'), NULL));
    }
    free(text);
}

Test(reports_read, junk_behind_the_document_is_refused) {
    static const char *const junk[] = {"x", "{}", "]", ",", "\x01"};
    for (size_t i = 0; i < sizeof junk / sizeof junk[0]; i++) {
        char more[8];
        struct ipm_err err;
        char *text = sample_text();
        (void)snprintf(more, sizeof more, "%s\n", junk[i]);
        char *longer = NULL;
        cr_assert(lt(int, 0, asprintf(&longer, "%s%s", text, more)));
        cr_assert(eq(int, read_text(longer, &err), -EINVAL));
        free(text);
        free(longer);
    }
}

Test(reports_read, what_json_forbids_is_refused) {
    struct ipm_err err;
    static const char *const rows[] = {
        "{\"schema_version\": NaN}",
        "{\"schema_version\": Infinity}",
        "{\"schema_version\": 1.}",
        "{\"schema_version\": 1e+}",
        "{\"schema_version\": -}",
        "{\"schema_version\": 1 \"kind\": 1}",
        "{\"schema_version\" 1}",
        "{schema_version: 1}",
        "{\"a\": nul}",
        "{\"a\": [1,]}",
        "{\"a\": \"\\x\"}",
        "{\"a\": \"\\u12\"}",
        "{\"a\": \"\\ud800\"}",
        "{\"a\": \"\\udc00\\ud800\"}",
        "{\"a\": \"\xed\xa0\x80\"}",
        "{\"a\": \"",
        "{\"a\": \"\\",
        "\xEF\xBB\xBF{\"a\": 1}\xEF\xBB\xBF",
        "{\"schema_version\": 01}",
        "{\"schema_version\": 1,}",
        "{\"\xff\": 1}",
        "{\"a\\u0000b\": 1}",
        "{\"a\": \"\033[31m\"}",
        "{\033[31m",
        "{\"a\": \302\23331m}",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_assert(eq(int, read_text(rows[i], &err), -EINVAL));
        cr_assert(
            eq(int, strncmp(err.text, NO_REPORT "line 1", strlen(NO_REPORT) + 6), 0),
            "%s", err.text);
        for (const char *at = err.text; *at != '\0'; at++)
            cr_assert(not(lt(int, *at, ' ')), "%s", err.text);
    }
}

Test(reports_read, a_directory_cannot_be_read_and_errno_says_why) {
    struct ipm_err err;
    cr_assert(eq(int, ipm_test_read_file(fopen("/", "re"), &err), -EISDIR));
    cr_assert(eq(str, err.text, "cannot read 'x.json': Is a directory"));
}

Test(reports_read, a_refusal_names_the_path_and_what_was_expected) {
    refuse("\"elapsed_ns\": 9876543210", "\"elapsed_ns\": -1",
           NO_REPORT "run.elapsed_ns must be a whole number from 0 to "
                     "9007199254740992");
    refuse("\"elapsed_ns\": 100000000", "\"elapsed\": 100000000",
           NO_REPORT "cases[0].trials[0].elapsed_ns is missing");
    refuse("\"status\": \"skipped\"", "\"status\": \"tired\"",
           NO_REPORT "cases[10].status is no word that this ipcmark knows");
    refuse("\"primary_metric\": \"throughput_bytes_per_second\"",
           "\"primary_metric\": \"latency_p50_ns\"",
           NO_REPORT "cases[0].primary_metric is no metric that this ipcmark knows");
    refuse("\"0:1\"", "\"0:\"",
           NO_REPORT "settings.pins[2] must be a placement, such as same or 0:1");
    refuse("\"0:1\"", "\"0:99999999999\"",
           NO_REPORT "settings.pins[2] must be a placement, such as same or 0:1");
    refuse("\"0:1\"", "\"0:1 \"",
           NO_REPORT "settings.pins[2] must be a placement, such as same or 0:1");
    refuse("\"clients\": [", "\"clients\": [1001,",
           NO_REPORT "settings.clients[0] must be a whole number from 1 to 1000");
    refuse("\"batch\": 1", "\"batch\": 1025",
           NO_REPORT "settings.batch must be a whole number from 1 to 1024");
    refuse("\"copy\": false", "\"copy\": 0",
           NO_REPORT "settings.copy must be true or false");
    refuse("\"load_1m\": 0.10000000000000001", "\"load_1m\": -0.5",
           NO_REPORT "host.load_1m must be a number from 0, or null");
    refuse("\"load_1m\": 0.10000000000000001", "\"load_1m\": 1e308",
           NO_REPORT "host.load_1m must be a number from 0 to 4194304, or null");
    refuse("\"pipe_inode\": 4711", "\"pipe_inode\": 4711.5",
           NO_REPORT "cases[0].endpoints.sender.pipe_inode must be a string, a whole "
                     "number or null");
    refuse("\"pipe_inode\"", "\"Pipe\\u001b[31m\"",
           NO_REPORT "cases[0].endpoints.sender.Pipe?[31m is no valid name");
    refuse("\"pipe_inode\"", "\"pipe\\u009b31m\"",
           NO_REPORT "cases[0].endpoints.sender.pipe??31m is no valid name");
    refuse("\"message_bytes\": 64", "\"message_bytes\": 0",
           NO_REPORT "cases[0].message_bytes must be a whole number from 1 to "
                     "9007199254740992");
    refuse("\"name\": \"stream/pipe/64\"", "\"name\": \"\"",
           NO_REPORT "cases[0].name must not be empty");
    refuse("\"--json\"", "1", NO_REPORT "run.command[2] must be a string");
}

Test(reports_read, sizes_of_the_references_must_be_sizes_and_in_every_round) {
    refuse("\"64\": {", "\"064\": {",
           NO_REPORT "references.memcpy_bytes_per_second.064 is no size in bytes");
    refuse("\"64\": {", "\"99999999999999999999\": {",
           NO_REPORT "references.memcpy_bytes_per_second.99999999999999999999 is no size "
                     "in bytes");
    refuse("\"64\": {", "\"65\": {",
           NO_REPORT "references.rounds[0].memcpy_bytes_per_second.65 is missing");
}

/* A list of `count` times `item` in the place of the first `from`. */
static void refuse_many(const char *from, const char *open, const char *item,
                        size_t count, const char *close, const char *words) {
    char *list = calloc(count + 1, strlen(item) + 16);
    cr_assert(ne(ptr, list, NULL));
    char *end = stpcpy(list, open);
    for (size_t i = 0; i < count; i++) {
        end += sprintf(end, "%s", i > 0 ? "," : "");
        end += sprintf(end, item, i);
    }
    (void)stpcpy(end, close);
    refuse(from, list, words);
    free(list);
}

Test(reports_read, lists_longer_than_their_room_are_refused) {
    refuse_many("\"message_bytes\": [", "\"message_bytes\": [", "1%zu", 65, ",",
                NO_REPORT "settings.message_bytes has more than 64 entries");
    refuse_many("\"transports\": [", "\"transports\": [", "\"t%zu\"", 65, ",",
                NO_REPORT "settings.transports has more than 64 entries");
    refuse_many("\"pins\": [", "\"pins\": [", "\"%zu:0\"", 65, ",",
                NO_REPORT "settings.pins has more than 64 entries");
    refuse_many("\"mitigations\": {", "\"mitigations\": {", "\"m%zu\": \"\"", 41, ",",
                NO_REPORT "host.mitigations has more than 40 entries");
    refuse_many("\"sender\": {", "\"sender\": {", "\"f%zu\": 1", 14, ",",
                NO_REPORT "cases[0].endpoints.sender has more than 13 entries");
    refuse_many("\"memcpy_bytes_per_second\": {", "\"memcpy_bytes_per_second\": {",
                "\"1%zu\": {}", 65, ",",
                NO_REPORT "references.memcpy_bytes_per_second has more than 64 entries");
}

Test(reports_read, text_that_is_too_long_is_cut_and_not_refused) {
    char lengthy[2000];
    memset(lengthy, 'x', sizeof lengthy);
    memcpy(lengthy, "\"kernel\": \"", 11);
    memcpy(lengthy + sizeof lengthy - 3, "\",", 3);
    char *text = sample_with("\"kernel\": \"Linux 6.1.0-28-amd64\",", lengthy);
    struct ipm_report report;
    struct ipm_err err = {0};
    FILE *in = fmemopen(text, strlen(text), "r");
    cr_assert(eq(int, ipm_report_read(&report, in, "x.json", &err), 0), "%s", err.text);
    cr_assert(eq(sz, strlen(report.host.kernel), sizeof report.host.kernel - 1));
    (void)fclose(in);
    ipm_report_done(&report);
    free(text);
}

Test(reports_read, unknown_keys_and_what_is_derived_are_left_alone) {
    struct ipm_err err;
    char *text = sample_with("\"kind\"", "\"later\": [{}], \"kind\"");
    cr_assert(eq(int, read_text(text, &err), 0), "%s", err.text);
    free(text);
    text = sample_with("\"summary\"", "\"summary\": 7, \"summery\"");
    cr_assert(eq(int, read_text(text, &err), 0), "%s", err.text);
    free(text);
    text = sample_with("\"warnings\"", "\"warning\"");
    cr_assert(eq(int, read_text(text, &err), 0), "%s", err.text);
    free(text);
}

static size_t refused;

static void refuse_document(const json_t *root, const char *key, const char *words) {
    char *text = json_dumps(root, 0);
    struct ipm_err err;
    cr_assert(ne(ptr, text, NULL));
    cr_assert(eq(int, read_text(text, &err), -EINVAL), "%s: was read", key);
    cr_assert(ne(ptr, strstr(err.text, key), NULL), "%s: %s", key, err.text);
    cr_assert(ne(ptr, strstr(err.text, words), NULL), "%s: %s", key, err.text);
    free(text);
    refused++;
}

/* Takes every key away once, and gives it a value of a type that it never has. */
static void refuse_each(json_t *root, const struct ipm_json_object *table,
                        json_t *object) {
    const struct ipm_json_field *field = NULL;
    struct ipm_json_walk walk = {.object = table};
    while ((field = ipm_json_next(&walk)) != NULL) {
        json_t *value = json_incref(json_object_get(object, field->key));
        cr_assert(ne(ptr, value, NULL), "%s", field->key);
        if (!field->derived && field->codec->read != NULL) {
            json_t *wrong = json_pack("[{s:b}]", "wrong", 1);
            (void)json_object_del(object, field->key);
            refuse_document(root, field->key, "is missing");
            (void)json_object_set_new(object, field->key, wrong);
            refuse_document(root, field->key, "");
            (void)json_object_set(object, field->key, value);
            if (field->codec == &ipm_json_array && field->object != NULL)
                refuse_each(root, field->object, json_array_get(value, 0));
            else if (field->object != NULL && field->item == NULL)
                refuse_each(root, field->object, value);
        }
        json_decref(value);
    }
}

/* The first trial of a case of the sample of patterns; borrowed from root. */
static json_t *first_trial(const json_t *root, size_t index) {
    json_t *c = json_array_get(json_object_get(root, "cases"), index);
    return json_array_get(json_object_get(c, "trials"), 0);
}

enum { READ_TCP = 1, READ_RPC = 24 }; /* cases of that sample */

/* Gives an end of a trial a number of every event. */
static void count_events(json_t *end) {
    const struct ipm_json_field *field = NULL;
    struct ipm_json_walk walk = {.object = &ipm_json_of_counted};
    json_t *counted = json_object();
    while ((field = ipm_json_next(&walk)) != NULL)
        (void)json_object_set_new(counted, field->key, json_integer(7));
    (void)json_object_set_new(end, "counters", counted);
}

/* Leaves one case only, in which nothing is null or empty. */
static void keep_a_whole_case(json_t *root) {
    json_t *cases = json_object_get(root, "cases");
    json_t *whole = json_incref(json_array_get(cases, READ_RPC));
    json_t *wire = json_object_get(first_trial(root, READ_TCP), "wire");
    (void)json_object_set(first_trial(root, READ_RPC), "wire", wire);
    count_events(json_object_get(first_trial(root, READ_RPC), "sender"));
    count_events(json_object_get(first_trial(root, READ_RPC), "receiver"));
    (void)json_array_clear(cases);
    (void)json_array_append_new(cases, whole);
}

Test(reports_read, every_key_that_is_read_is_needed_and_its_type_is_checked,
     .timeout = 60) {
    char *text = text_after(ipm_report_sample_patterns, 1, spoil_nothing);
    json_t *root = json_loads(text, 0, NULL);
    cr_assert(ne(ptr, root, NULL));
    keep_a_whole_case(root);
    refuse_each(root, &ipm_json_of_report, root);
    cr_assert(lt(sz, 230, refused), "only %zu", refused);
    json_decref(root);
    free(text);
}
