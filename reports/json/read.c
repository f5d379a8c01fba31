/* read.c - reads a report of version 1 from a JSON document, which may be truncated, of
 * another program or hostile. Derived values are not read: ipm_report_summarize computes
 * them. */
#include "base/err.h"
#include "reports/json/codec.h"
#include "reports/renderer.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { READ_MIB_MOST = 256, READ_MILLION_VALUES_MOST = 16 };

/* Words the error, unless it is worded already. Returns code. */
static int read_tell(const struct ipm_json_reading *reading, int code) {
    if (code != 0 && code != -EINVAL)
        return ipm_err_sys(reading->err, code, "cannot read '%s'", reading->name);
    if (code == 0 || reading->words[0] == '\0')
        return code;
    (void)ipm_err_set(reading->err, code, "'%s' is no ipcmark report: %s%s%s",
                      reading->name, reading->path, reading->path[0] != '\0' ? " " : "",
                      reading->words);
    ipm_err_hint(reading->err, "'ipcmark run --json FILE' writes a report");
    return code;
}

/* --- the text ---------------------------------------------------------------------------- */

/* The state of reading. jansson limits depth but not length, and a value takes up to a
 * hundred times its text in memory, so both are counted before it parses. */
struct read_source {
    FILE *in;
    size_t bytes;
    size_t values;    /* upper bound, by separators */
    bool begun;       /* white space is over */
    const char *stop; /* why no more is read, or NULL */
    int error;        /* errno of a read that failed, or 0 */
};

static void read_look(struct read_source *source, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        source->values += text[i] == ',' || text[i] == '[' || text[i] == '{';
        if (!source->begun && !isspace((unsigned char)text[i])) {
            source->begun = true;
            source->stop = text[i] == '{' ? NULL : "it is no JSON object";
        }
    }
    source->bytes += length;
    if (source->bytes > (size_t)READ_MIB_MOST << 20) {
        source->stop = "it is larger than 256 MiB";
    } else if (source->values > READ_MILLION_VALUES_MOST * (size_t)1000000) {
        source->stop = "it has more than 16 million values";
    }
}

static size_t read_more(void *buffer, size_t size, void *data) {
    struct read_source *source = data;
    size_t length = fread(buffer, 1, size, source->in);
    if (ferror(source->in)) {
        source->error = errno;
    }
    read_look(source, buffer, length);
    return source->stop == NULL ? length : (size_t)-1;
}

static int read_explain(struct ipm_json_reading *reading,
                        const struct read_source *source, const json_error_t *error) {
    if (source->stop != NULL)
        return ipm_json_refuse(reading, "%s", source->stop);
    if (ferror(source->in))
        return source->error != 0 ? -source->error : -EIO;
    /* When malloc fails, jansson may report a syntax error; errno does not. */
    if (errno == ENOMEM)
        return -ENOMEM;
    if (!source->begun)
        return ipm_json_refuse(reading, "it is empty");
    return ipm_json_refuse(reading, "line %d, column %d: %s", error->line, error->column,
                           error->text);
}

/* --- the document ------------------------------------------------------------------------ */

static int read_version(struct ipm_json_reading *reading, const json_t *root) {
    const json_t *version = json_object_get(root, "schema_version");
    if (!json_is_integer(version))
        return ipm_json_refuse(reading, "schema_version is %s",
                               version == NULL ? "missing" : "no whole number");
    if (json_integer_value(version) == IPM_SCHEMA_VERSION)
        return 0;
    (void)ipm_err_set(reading->err, -EINVAL,
                      "'%s' has schema version %" JSON_INTEGER_FORMAT
                      "; this ipcmark reads %d",
                      reading->name, json_integer_value(version), IPM_SCHEMA_VERSION);
    ipm_err_hint(reading->err, "read it with the ipcmark that wrote it");
    return -EINVAL;
}

static int read_kind(struct ipm_json_reading *reading, const json_t *root) {
    const json_t *kind = json_object_get(root, "kind");
    const char *word = json_is_string(kind) ? json_string_value(kind) : "";
    if (kind == NULL)
        return ipm_json_refuse(reading, "kind is missing");
    if (strcmp(word, "run") == 0)
        return 0;
    if (strcmp(word, "comparison") != 0)
        return ipm_json_refuse(reading, "kind must be 'run'");
    (void)ipm_err_set(reading->err, -EINVAL, "'%s' is a comparison, no report of a run",
                      reading->name);
    ipm_err_hint(reading->err, "'ipcmark run --json FILE' writes a report");
    return -EINVAL;
}

/* Values that no run can have measured would give invalid ratios. */
static int read_check_loss(struct ipm_json_reading *reading) {
    const struct ipm_report *report = reading->report;
    for (size_t c = 0; c < report->case_count; c++) {
        for (size_t t = 0; t < report->cases[c].trial_count; t++) {
            const struct ipm_sample *trial = &report->cases[c].trials[t];
            if (trial->damage.lost_messages > trial->sent.messages)
                return ipm_json_refuse(
                    reading,
                    "cases[%zu].trials[%zu].lost_messages is more than were sent", c, t);
        }
    }
    return 0;
}

static int read_root(struct ipm_json_reading *reading, json_t *root) {
    int code = read_version(reading, root);
    if (code == 0)
        code = read_kind(reading, root);
    if (code == 0)
        code = ipm_json_read_fields(reading, &ipm_json_of_report, root, reading->report);
    return code == 0 ? read_check_loss(reading) : code;
}

int ipm_report_read(struct ipm_report *report, FILE *in, const char *name,
                    struct ipm_err *err) {
    struct ipm_json_reading reading = {.name = name, .report = report, .err = err};
    struct read_source source = {.in = in};
    json_error_t error;
    ipm_report_init(report);
    errno = 0;
    json_t *root = json_load_callback(read_more, &source, JSON_REJECT_DUPLICATES, &error);
    int code = root == NULL || source.stop != NULL
                   ? read_explain(&reading, &source, &error)
                   : read_root(&reading, root);
    json_decref(root); /* may be NULL */
    return read_tell(&reading, code);
}
