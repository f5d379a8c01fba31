/* read.c - reads a report of version 1 from a JSON document, which may be truncated, hostile,
 * or from another program. ipm_report_summarize computes the derived values. */
#include "base/err.h"
#include "model/report/calm.h"
#include "reports/json/codec.h"
#include "reports/renderer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Sets the error message, unless it is set already. Returns code. */
static int read_tell(const struct ipm_json_reading *reading, int code) {
    if (code == -EISDIR)
        ipm_err_hint(reading->err, "name a report in it, such as '%.100s/REPORT.json'",
                     reading->name);
    if (code != 0 && code != -EINVAL)
        return ipm_err_sys(reading->err, code, "cannot read '%s'", reading->name);
    if (code == 0 || reading->words[0] == '\0')
        return code;
    ipm_err_hint(reading->err, "'ipcmark run --json FILE' writes a report");
    return ipm_err_set(reading->err, code, "'%s' is no ipcmark report: %s%s%s",
                       reading->name, reading->path, reading->path[0] != '\0' ? " " : "",
                       reading->words);
}

/* --- the text ---------------------------------------------------------------------------- */

enum {
    READ_FIRST_BYTES = 1 << 20,
    READ_GROWTH = 16,
    READ_TOKEN_BYTES = 12, /* a cut token is a fault at most this far before the end */
};

/* Refuses the text and names the line and column of the fault. */
static int read_refuse(struct ipm_json_reading *reading, const char *text,
                       const struct ipm_json_fault *fault) {
    int line = 1;
    const char *begin = text;
    for (const char *at = text; at < fault->at; at++) {
        line += *at == '\n';
        begin = *at == '\n' ? at + 1 : begin;
    }
    return ipm_json_refuse(reading, "line %d, column %td: %s", line,
                           fault->at - begin + 1, fault->words);
}

/* Reads up to `most` bytes. Returns the text with its end, or NULL. */
static char *read_grow(char *text, size_t *bytes, size_t most, FILE *in) {
    char *grown = realloc(text, most + IPM_JSON_END_BYTES);
    if (grown == NULL) {
        free(text);
        return NULL;
    }
    *bytes += fread(grown + *bytes, 1, most - *bytes, in);
    memset(grown + *bytes, 0, IPM_JSON_END_BYTES);
    return grown;
}

/* Returns up to where to read next: a regular file to its end, as all is checked again. */
static size_t read_next(size_t room, size_t most, FILE *in) {
    struct stat about;
    const bool sized = fstat(fileno(in), &about) == 0 && S_ISREG(about.st_mode) &&
                       (uintmax_t)about.st_size >= room;
    const uintmax_t next =
        sized ? (uintmax_t)about.st_size + 1 : (uintmax_t)room * READ_GROWTH;
    return next < most ? (size_t)next : most;
}

/* The text is checked whenever it has grown, so that an endless stream of anything else
 * ends early. A fault at the end of what was read may be repaired by the rest. */
int ipm_json_read_document(struct ipm_json_reading *reading, FILE *in, size_t bytes_most,
                           char **ret_text, const char **ret_value) {
    struct ipm_json_fault fault = {0};
    size_t bytes = 0;
    errno = 0;
    *ret_text = NULL;
    const size_t limit = bytes_most + 1; /* one byte more tells a larger document */
    size_t room = limit < READ_FIRST_BYTES ? limit : READ_FIRST_BYTES;
    for (;; room = read_next(room, limit, in)) {
        char *text = *ret_text = read_grow(*ret_text, &bytes, room, in);
        if (text == NULL)
            return -ENOMEM;
        if (ferror(in))
            return errno != 0 ? -errno : -EIO;
        const bool whole = bytes < room;
        const bool valid = ipm_json_check(text, bytes, ret_value, &fault);
        if (whole && *ret_value == text + bytes)
            return ipm_json_refuse(reading, "it is empty");
        if (**ret_value != '{' && *ret_value < text + bytes)
            return ipm_json_refuse(reading, "it is no JSON object");
        if (!valid && (whole || fault.at < text + bytes - READ_TOKEN_BYTES))
            return read_refuse(reading, text, &fault);
        if (whole)
            return 0;
        if (room == limit)
            return ipm_json_refuse(reading, "it is larger than %zu MiB",
                                   bytes_most >> 20);
    }
}

/* --- the document ------------------------------------------------------------------------ */

static int read_version(struct ipm_json_reading *reading, const char *root) {
    const char *value = ipm_json_member(root, "schema_version");
    int64_t version;
    if (value == NULL || !ipm_json_whole_of(value, &version))
        return ipm_json_refuse(reading, "schema_version is %s",
                               value == NULL ? "missing" : "no whole number");
    if (version == IPM_SCHEMA_VERSION)
        return 0;
    return ipm_err_refuse(reading->err, "read it with the ipcmark that wrote it",
                          "'%s' has schema version %" PRId64 "; this ipcmark reads %d",
                          reading->name, version, IPM_SCHEMA_VERSION);
}

static int read_kind(struct ipm_json_reading *reading, const char *root) {
    const char *kind = ipm_json_member(root, "kind");
    if (kind == NULL)
        return ipm_json_refuse(reading, "kind is missing");
    if (ipm_json_is(kind, "run"))
        return 0;
    const bool comparison = ipm_json_is(kind, "comparison");
    if (!comparison && !ipm_json_is(kind, "merge"))
        return ipm_json_refuse(reading, "kind must be 'run'");
    return ipm_err_refuse(reading->err, "'ipcmark run --json FILE' writes a report",
                          "'%s' is a %s, no report of a run", reading->name,
                          comparison ? "comparison" : "merge of reports");
}

static int read_root(struct ipm_json_reading *reading, const char *root) {
    int code = read_version(reading, root);
    if (code == 0)
        code = read_kind(reading, root);
    if (code == 0)
        code = ipm_json_read_fields(reading, &ipm_json_of_report, root, reading->report);
    if (code == 0)
        code = ipm_json_agree(reading);
    if (code == 0)
        reading->report->fastest_call_ns = ipm_calm_fastest_ns(reading->report);
    return code;
}

int ipm_report_read(struct ipm_report *report, FILE *in, const char *name,
                    struct ipm_err *err) {
    struct ipm_json_reading reading = {.name = name, .report = report, .err = err};
    char *text = NULL;
    const char *root = NULL;
    ipm_report_init(report);
    int code = ipm_json_read_document(&reading, in, IPM_JSON_BYTES_MOST, &text, &root);
    if (code == 0)
        code = read_root(&reading, root);
    free(text);
    return read_tell(&reading, code);
}

/* Returns the first object with a schema version, in whatever is around it, or NULL. Then
 * ret_cut is the last fault of an object that names a schema version, if there is one. */
static const char *read_find(const char *text, size_t bytes,
                             struct ipm_json_fault *ret_cut) {
    static const char key[] = "schema_version";
    const char *at = text;
    *ret_cut = (struct ipm_json_fault){.at = text};
    for (; (at = memchr(at, '{', (size_t)(text + bytes - at))) != NULL; at++) {
        struct ipm_json_fault fault;
        if (ipm_json_end(at, &fault) != NULL) {
            if (ipm_json_member(at, key) != NULL)
                return at;
        } else if (fault.at > ret_cut->at &&
                   memmem(at, (size_t)(fault.at - at), key, sizeof key - 1) != NULL) {
            *ret_cut = fault;
        }
    }
    return NULL;
}

static int read_within(struct ipm_json_reading *reading, FILE *in, char **ret_text) {
    struct ipm_json_fault cut;
    size_t bytes = 0;
    const long most = fseek(in, 0, SEEK_END) == 0 ? ftell(in) : -1;
    if (most < 0 || fseek(in, 0, SEEK_SET) != 0)
        return -errno;
    char *text = *ret_text = read_grow(NULL, &bytes, (size_t)most, in);
    if (text == NULL)
        return -ENOMEM;
    const char *root = read_find(text, bytes, &cut);
    if (root != NULL)
        return read_root(reading, root);
    return cut.words != NULL ? read_refuse(reading, text, &cut) : -ENODATA;
}

int ipm_report_read_within(struct ipm_report *report, FILE *in, const char *name,
                           struct ipm_err *err) {
    struct ipm_json_reading reading = {.name = name, .report = report, .err = err};
    char *text = NULL;
    ipm_report_init(report);
    const int code = read_within(&reading, in, &text);
    free(text);
    return code == -ENODATA ? code : read_tell(&reading, code);
}
