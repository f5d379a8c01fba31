/* csv.c - tidy CSV (RFC 4180 with Unix line ends): a line for each trial, a column for each
 * variable. A case without trials has one line. Unknown values are empty. */
#include "reports/common/clean.h"
#include "reports/renderer.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

struct csv_row {
    const struct ipm_report *report;
    const struct ipm_case *subject;
    const struct ipm_sample *trial; /* NULL: the case has none */
};

enum csv_owner { CSV_REPORT, CSV_CASE, CSV_TRIAL };

struct csv_column {
    const char *name;
    void (*write)(FILE *out, const void *member);
    enum csv_owner owner;
    size_t offset; /* in the owner */
};

/* --- kinds of columns ------------------------------------------------------------------- */

static const struct ipm_escape csv_escapes[] = {{'"', "\"\""}, {'\0', NULL}};

/* Quotes the text only where it contains a separator. */
static void csv_text(FILE *out, const void *text) {
    const bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    (void)fputs(quoted ? "\"" : "", out);
    ipm_clean_put(out, text, csv_escapes);
    (void)fputs(quoted ? "\"" : "", out);
}

/* Unknown signed numbers are negative. */
static void csv_number(FILE *out, const void *member) {
    int64_t number = 0;
    memcpy(&number, member, sizeof number);
    if (number >= 0)
        (void)fprintf(out, "%" PRId64, number);
}

static void csv_real(FILE *out, const void *member) {
    double number = NAN;
    memcpy(&number, member, sizeof number);
    if (isfinite(number))
        (void)fprintf(out, "%.17g", number);
}

/* 0 or 1. */
static void csv_sign(FILE *out, const void *member) {
    int sign = 0;
    memcpy(&sign, member, sizeof sign);
    if (sign >= 0)
        (void)fprintf(out, "%d", sign);
}

static void csv_status(FILE *out, const void *member) {
    unsigned status = 0;
    memcpy(&status, member, sizeof status);
    (void)fputs(ipm_case_status_words[status], out);
}

/* --- the table -------------------------------------------------------------------------- */

/* A member name cannot be in parentheses. NOLINTBEGIN(bugprone-macro-parentheses) */
#define CSV_OF_TRIAL(word, member)                                                       \
    { word, csv_number, CSV_TRIAL, offsetof(struct ipm_sample, member) }
#define CSV_COUNTS(end)                                                                  \
    CSV_OF_TRIAL(#end "_messages", end.messages),                                        \
        CSV_OF_TRIAL(#end "_bytes", end.bytes), CSV_OF_TRIAL(#end "_calls", end.calls),  \
        CSV_OF_TRIAL(#end "_partial_calls", end.partial_calls)
#define CSV_USE(word, role, member) CSV_OF_TRIAL(word #member, usage[role].member)
#define CSV_USAGE(word, role)                                                            \
    CSV_USE(word, role, user_ns), CSV_USE(word, role, system_ns),                        \
        CSV_USE(word, role, voluntary_switches),                                         \
        CSV_USE(word, role, involuntary_switches), CSV_USE(word, role, minor_faults),    \
        CSV_USE(word, role, major_faults), CSV_USE(word, role, peak_rss_bytes),          \
        CSV_USE(word, role, last_cpu)
/* NOLINTEND(bugprone-macro-parentheses) */

/* The columns before and after the settings. */
static const struct csv_column csv_head[] = {
    {"started_at", csv_text, CSV_REPORT, offsetof(struct ipm_report, run.started_at)},
    {"tool_commit", csv_text, CSV_REPORT, offsetof(struct ipm_report, tool.commit)},
    {"hostname", csv_text, CSV_REPORT, offsetof(struct ipm_report, host.hostname)},
    {"case", csv_text, CSV_CASE, offsetof(struct ipm_case, config.name)},
    {.name = NULL},
};
static const struct csv_column csv_tail[] = {
    {"status", csv_status, CSV_CASE, offsetof(struct ipm_case, status)},
    {"reason", csv_text, CSV_CASE, offsetof(struct ipm_case, reason)},
    CSV_OF_TRIAL("round", round),
    CSV_OF_TRIAL("elapsed_ns", elapsed_ns),
    CSV_COUNTS(sent),
    CSV_COUNTS(received),
    CSV_OF_TRIAL("lost_messages", damage.lost_messages),
    CSV_OF_TRIAL("reordered_messages", damage.reordered_messages),
    CSV_OF_TRIAL("duplicated_messages", damage.duplicated_messages),
    CSV_OF_TRIAL("corrupt_messages", damage.corrupt_messages),
    CSV_OF_TRIAL("framing_bytes", framing_bytes),
    CSV_USAGE("sender_", IPM_SENDER),
    CSV_USAGE("receiver_", IPM_RECEIVER),
    {"null_syscall_ns", csv_real, CSV_TRIAL,
     offsetof(struct ipm_sample, null_syscall_ns)},
    {"contended", csv_sign, CSV_TRIAL, offsetof(struct ipm_sample, contended)},
    {.name = NULL},
};

/* --- lines ------------------------------------------------------------------------------ */

/* A comma follows every value but the last. */
static void csv_columns(const struct csv_column *column, const struct csv_row *row,
                        FILE *out) {
    const void *const owners[] = {
        [CSV_REPORT] = row->report, [CSV_CASE] = row->subject, [CSV_TRIAL] = row->trial};
    for (; column->name != NULL; column++) {
        const char *owner = owners[column->owner];
        if (owner != NULL)
            column->write(out, owner + column->offset);
        (void)fputs(",", out);
    }
}

static void csv_settings(const struct ipm_case_config *config, FILE *out) {
    for (size_t i = 0; i < IPM_SETTINGS; i++) {
        const struct ipm_cell value = ipm_setting_text(&ipm_settings[i], config);
        if ((ipm_settings[i].flags & IPM_SETTING_OR_NULL) == 0 ||
            strcmp(value.text, "0") != 0)
            csv_text(out, value.text);
        (void)fputs(",", out);
    }
}

/* The metrics of this trial, from which the statistics are computed. */
static void csv_metrics(const struct csv_row *row, FILE *out) {
    const struct ipm_metric_scope scope = {.subject = row->subject, .trial = row->trial};
    const char *comma = "";
    for (size_t m = 0; m < IPM_METRICS; m++) {
        if (ipm_metrics[m].relative)
            continue;
        const double value =
            row->trial != NULL ? ipm_metric_of_trial(&ipm_metrics[m], &scope) : NAN;
        (void)fputs(comma, out);
        if (isfinite(value))
            ipm_clean_number(out, value);
        comma = ",";
    }
}

/* The labels of the run are last, as other runs may have other labels. */
static void csv_labels(const struct ipm_labels *labels, FILE *out) {
    for (size_t i = 0; i < labels->count; i++) {
        (void)fputs(",", out);
        csv_text(out, labels->items[i].text);
    }
    (void)fputs("\n", out);
}

static void csv_heading(const struct ipm_labels *labels, FILE *out) {
    const char *comma = "";
    for (const struct csv_column *column = csv_head; column->name != NULL; column++)
        (void)fprintf(out, "%s,", column->name);
    for (size_t i = 0; i < IPM_SETTINGS; i++)
        (void)fprintf(out, "%s,", ipm_settings[i].key);
    for (const struct csv_column *column = csv_tail; column->name != NULL; column++)
        (void)fprintf(out, "%s,", column->name);
    for (size_t m = 0; m < IPM_METRICS; m++)
        if (!ipm_metrics[m].relative) {
            (void)fprintf(out, "%s%s", comma, ipm_metrics[m].key);
            comma = ",";
        }
    for (size_t i = 0; i < labels->count; i++)
        (void)fprintf(out, ",label_%s", labels->items[i].name);
    (void)fputs("\n", out);
}

static void csv_case(const struct ipm_report *report, const struct ipm_case *c,
                     FILE *out) {
    struct csv_row row = {.report = report, .subject = c};
    for (size_t i = 0; i == 0 || i < c->trial_count; i++) {
        row.trial = c->trial_count > 0 ? &c->trials[i] : NULL;
        csv_columns(csv_head, &row, out);
        csv_settings(&c->config, out);
        csv_columns(csv_tail, &row, out);
        csv_metrics(&row, out);
        csv_labels(&report->run.labels, out);
    }
}

static int csv_render(const struct ipm_document *document,
                      const struct ipm_render_options *options, FILE *out,
                      struct ipm_err *err) {
    const struct ipm_report *report = document->report;
    (void)options;
    errno = 0;
    csv_heading(&report->run.labels, out);
    for (size_t i = 0; i < report->case_count; i++)
        csv_case(report, &report->cases[i], out);
    return ipm_clean_end(out, "CSV file", err);
}

const struct ipm_renderer ipm_renderer_csv = {
    .name = "csv",
    .summary = "a line a trial, for spreadsheets, pandas, Apache Otava",
    .render = {[IPM_DOCUMENT_REPORT] = csv_render},
};
