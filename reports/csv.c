/* csv.c - tidy CSV (RFC 4180, but lines end as on Unix): a line a trial, a column a variable.
 * A case without trials is one line, so that there are no holes. Unknown is empty. Knows no
 * reader of it. */
#include "base/err.h"
#include "reports/common/clean.h"
#include "reports/renderer.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

extern const struct ipm_renderer ipm_renderer_csv;

struct csv_row {
    const struct ipm_report *report;
    const struct ipm_case *subject;
    const struct ipm_sample *trial; /* NULL: the case has none */
    size_t index;                   /* of the trial */
};

struct csv_column {
    const char *name;
    void (*write)(const struct csv_column *column, const struct csv_row *row, FILE *out);
    size_t offset; /* in the struct that `write` looks at */
};

/* --- kinds of columns ------------------------------------------------------------------- */

static const struct ipm_escape csv_escapes[] = {{'"', "\"\""}, {'\0', NULL}};

/* In quotes only where a reader would else take it apart. */
static void csv_text(FILE *out, const char *text) {
    const bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    (void)fputs(quoted ? "\"" : "", out);
    ipm_clean_put(out, text, csv_escapes);
    (void)fputs(quoted ? "\"" : "", out);
}

static void csv_of_run(const struct csv_column *column, const struct csv_row *row,
                       FILE *out) {
    csv_text(out, (const char *)row->report + column->offset);
}

static void csv_of_case(const struct csv_column *column, const struct csv_row *row,
                        FILE *out) {
    csv_text(out, (const char *)row->subject + column->offset);
}

static void csv_case_number(const struct csv_column *column, const struct csv_row *row,
                            FILE *out) {
    uint64_t number = 0;
    memcpy(&number, (const char *)row->subject + column->offset, sizeof number);
    (void)fprintf(out, "%" PRIu64, number);
}

/* 0 is the kernel's own choice. */
static void csv_case_asked(const struct csv_column *column, const struct csv_row *row,
                           FILE *out) {
    if (row->subject->config.buffer_bytes > 0)
        csv_case_number(column, row, out);
}

static void csv_flag(const struct csv_column *column, const struct csv_row *row,
                     FILE *out) {
    bool flag = false;
    memcpy(&flag, (const char *)row->subject + column->offset, sizeof flag);
    (void)fputs(flag ? "true" : "false", out);
}

static void csv_known(int64_t number, FILE *out) {
    if (number >= 0)
        (void)fprintf(out, "%" PRId64, number);
}

static void csv_case_known(const struct csv_column *column, const struct csv_row *row,
                           FILE *out) {
    int64_t number = 0;
    memcpy(&number, (const char *)row->subject + column->offset, sizeof number);
    csv_known(number, out);
}

static void csv_status(const struct csv_column *column, const struct csv_row *row,
                       FILE *out) {
    static const char *const words[] = {[IPM_CASE_OK] = "ok",
                                        [IPM_CASE_FAILED] = "failed",
                                        [IPM_CASE_SKIPPED] = "skipped"};
    (void)column;
    (void)fputs(words[row->subject->status], out);
}

static void csv_trial_number(const struct csv_column *column, const struct csv_row *row,
                             FILE *out) {
    uint64_t number = 0;
    if (row->trial == NULL)
        return;
    memcpy(&number, (const char *)row->trial + column->offset, sizeof number);
    (void)fprintf(out, "%" PRIu64, number);
}

static void csv_trial_known(const struct csv_column *column, const struct csv_row *row,
                            FILE *out) {
    int64_t number = 0;
    if (row->trial == NULL)
        return;
    memcpy(&number, (const char *)row->trial + column->offset, sizeof number);
    csv_known(number, out);
}

/* --- the table -------------------------------------------------------------------------- */

/* A member has no parentheses.
 * NOLINTBEGIN(bugprone-macro-parentheses) */
#define CSV_RUN(word, member)                                                            \
    { word, csv_of_run, offsetof(struct ipm_report, member) }
#define CSV_CASE(word, kind)                                                             \
    { #word, kind, offsetof(struct ipm_case, config.word) }
#define CSV_TRIAL(word, member)                                                          \
    { word, csv_trial_number, offsetof(struct ipm_sample, member) }
#define CSV_COUNTS(end)                                                                  \
    CSV_TRIAL(#end "_messages", end.messages), CSV_TRIAL(#end "_bytes", end.bytes),      \
        CSV_TRIAL(#end "_calls", end.calls),                                             \
        CSV_TRIAL(#end "_partial_calls", end.partial_calls)
#define CSV_USE(word, role, member)                                                      \
    { word #member, csv_trial_known, offsetof(struct ipm_sample, usage[role].member) }
#define CSV_USAGE(word, role)                                                            \
    CSV_USE(word, role, user_ns), CSV_USE(word, role, system_ns),                        \
        CSV_USE(word, role, voluntary_switches),                                         \
        CSV_USE(word, role, involuntary_switches), CSV_USE(word, role, minor_faults),    \
        CSV_USE(word, role, major_faults), CSV_USE(word, role, peak_rss_bytes),          \
        CSV_USE(word, role, last_cpu)
/* NOLINTEND(bugprone-macro-parentheses) */

static const struct csv_column csv_columns[] = {
    CSV_RUN("started_at", run.started_at),
    CSV_RUN("commit", tool.commit),
    CSV_RUN("hostname", host.hostname),
    {"case", csv_of_case, offsetof(struct ipm_case, config.name)},
    CSV_CASE(transport, csv_of_case),
    CSV_CASE(pattern, csv_of_case),
    CSV_CASE(message_bytes, csv_case_number),
    CSV_CASE(framing, csv_of_case),
    CSV_CASE(io, csv_of_case),
    CSV_CASE(clients, csv_case_number),
    CSV_CASE(server, csv_of_case),
    CSV_CASE(batch, csv_case_number),
    CSV_CASE(think_ns, csv_case_number),
    CSV_CASE(buffer_bytes, csv_case_asked),
    CSV_CASE(recv_bytes, csv_case_number),
    CSV_CASE(congestion, csv_of_case),
    CSV_CASE(pin, csv_of_case),
    CSV_CASE(sender_cpu, csv_case_known),
    CSV_CASE(receiver_cpu, csv_case_known),
    CSV_CASE(spin, csv_flag),
    CSV_CASE(verify, csv_flag),
    {"status", csv_status, 0},
    {"reason", csv_of_case, offsetof(struct ipm_case, reason)},
    CSV_TRIAL("round", round),
    CSV_TRIAL("elapsed_ns", elapsed_ns),
    CSV_COUNTS(sent),
    CSV_COUNTS(received),
    CSV_TRIAL("lost_messages", damage.lost_messages),
    CSV_TRIAL("reordered_messages", damage.reordered_messages),
    CSV_TRIAL("duplicated_messages", damage.duplicated_messages),
    CSV_TRIAL("corrupt_messages", damage.corrupt_messages),
    CSV_TRIAL("framing_bytes", framing_bytes),
    CSV_USAGE("sender_", IPM_SENDER),
    CSV_USAGE("receiver_", IPM_RECEIVER),
};
enum { CSV_COLUMNS = sizeof csv_columns / sizeof csv_columns[0] };

/* --- lines ------------------------------------------------------------------------------ */

/* A value of this trial alone, as the statistics of the report are made of it. */
static void csv_metric(const struct ipm_metric *metric, const struct csv_row *row,
                       FILE *out) {
    const struct ipm_metric_scope scope = {.subject = row->subject, .trial = row->trial};
    const double value = row->trial != NULL ? ipm_metric_of_trial(metric, &scope) : NAN;
    (void)fputs(",", out);
    if (isfinite(value))
        ipm_clean_number(out, value);
}

static void csv_heading(FILE *out) {
    for (size_t i = 0; i < CSV_COLUMNS; i++)
        (void)fprintf(out, "%s%s", i > 0 ? "," : "", csv_columns[i].name);
    for (size_t m = 0; m < IPM_METRICS; m++)
        if (!ipm_metrics[m].relative)
            (void)fprintf(out, ",%s", ipm_metrics[m].key);
    (void)fputs("\n", out);
}

static void csv_line(const struct csv_row *row, FILE *out) {
    for (size_t i = 0; i < CSV_COLUMNS; i++) {
        (void)fputs(i > 0 ? "," : "", out);
        csv_columns[i].write(&csv_columns[i], row, out);
    }
    for (size_t m = 0; m < IPM_METRICS; m++)
        if (!ipm_metrics[m].relative)
            csv_metric(&ipm_metrics[m], row, out);
    (void)fputs("\n", out);
}

static void csv_case(const struct ipm_report *report, const struct ipm_case *c,
                     FILE *out) {
    struct csv_row row = {.report = report, .subject = c};
    if (c->trial_count == 0)
        csv_line(&row, out);
    for (row.index = 0; row.index < c->trial_count; row.index++) {
        row.trial = &c->trials[row.index];
        csv_line(&row, out);
    }
}

static int csv_render(const struct ipm_report *report,
                      const struct ipm_render_options *options, FILE *out,
                      struct ipm_err *err) {
    (void)options;
    errno = 0;
    csv_heading(out);
    for (size_t i = 0; i < report->case_count; i++)
        csv_case(report, &report->cases[i], out);
    if (ferror(out))
        return ipm_err_sys(err, errno != 0 ? -errno : -EIO, "cannot write the CSV file");
    return 0;
}

const struct ipm_renderer ipm_renderer_csv = {
    .name = "csv",
    .summary = "a line a trial, for spreadsheets, pandas, Apache Otava",
    .render = csv_render,
};
