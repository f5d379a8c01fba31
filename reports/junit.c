/* junit.c - JUnit XML, so that a CI system lists the cases beside its tests. Of a run, a failed
 * case is an error. Of a comparison, a regression or a missing case is a failure, a broken case
 * or too little data is an error; an undecided result passes, and the output of the suite
 * explains it. */
#include "model/report/report.h"
#include "reports/common/clean.h"
#include "reports/common/comparison.h"
#include "reports/renderer.h"

#include <errno.h>
#include <string.h>

enum { JUNIT_MESSAGE_BYTES = IPM_REASON_BYTES + IPM_CELL_BYTES + 2 };

#define JUNIT(...) ipm_clean_print(out, ipm_escapes_xml, __VA_ARGS__)

static const double junit_ns = 1e-9; /* in seconds */

enum junit_result {
    JUNIT_PASSED,
    JUNIT_FAILURE,
    JUNIT_ERROR,
    JUNIT_SKIPPED,
    JUNIT_RESULTS
};

struct junit_suite {
    const char *name;
    const char *started_at;
    const char *hostname;
    size_t tests;
    size_t counts[JUNIT_RESULTS];
    double elapsed_ns;
};

/* One test case. */
struct junit_case {
    char class[3 * IPM_NAME_BYTES];
    const char *name;
    double elapsed_ns;
    enum junit_result result;
    const char *type;    /* of a failure or an error */
    const char *message; /* unless it passed */
};

/* The schema requires a time without zone and no empty attribute, so unknown values get a
 * placeholder. */
static void junit_open(FILE *out, const struct junit_suite *suite) {
    char time[IPM_NAME_BYTES];
    (void)snprintf(time, sizeof time, "%s", suite->started_at);
    time[strcspn(time, "Z")] = '\0';
    JUNIT("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
          "  <testsuite package=\"ipcmark\" id=\"0\" name=\"%s\" timestamp=\"%s\" "
          "hostname=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" "
          "time=\"%.6f\">\n    <properties>\n",
          suite->name, time[0] != '\0' ? time : "1970-01-01T00:00:00",
          suite->hostname[0] != '\0' ? suite->hostname : "localhost", suite->tests,
          suite->counts[JUNIT_FAILURE], suite->counts[JUNIT_ERROR],
          suite->counts[JUNIT_SKIPPED], suite->elapsed_ns * junit_ns);
}

static void junit_put(FILE *out, const struct junit_case *put) {
    static const char *const elements[] = {[JUNIT_FAILURE] = "failure",
                                           [JUNIT_ERROR] = "error",
                                           [JUNIT_SKIPPED] = "skipped"};
    JUNIT("    <testcase classname=\"ipcmark%s\" name=\"%s\" time=\"%.6f\">", put->class,
          put->name, put->elapsed_ns * junit_ns);
    if (put->result != JUNIT_PASSED) {
        JUNIT("\n      <%s", elements[put->result]);
        if (put->result != JUNIT_SKIPPED)
            JUNIT(" type=\"%s\"", put->type);
        JUNIT(" message=\"%s\"/>\n    ", put->message);
    }
    (void)fputs("</testcase>\n", out);
}

static int junit_close(FILE *out, struct ipm_err *err) {
    (void)fputs("  </testsuite>\n</testsuites>\n", out);
    return ipm_clean_end(out, "JUnit file", err);
}

/* --- a run ------------------------------------------------------------------------------ */

/* The sum of the windows shows what took long. */
static double junit_case_ns(const struct ipm_case *c) {
    double sum_ns = 0;
    for (size_t i = 0; i < c->trial_count; i++)
        sum_ns += (double)c->trials[i].elapsed_ns;
    return sum_ns;
}

static void junit_property(FILE *out, const char *name, const char *value) {
    if (value[0] != '\0')
        JUNIT("      <property name=\"%s\" value=\"%s\"/>\n", name, value);
}

/* "label.commit", or "base.label.commit" of a side. */
static void junit_labels(FILE *out, const char *side, const struct ipm_labels *labels) {
    for (size_t i = 0; i < labels->count; i++) {
        char name[2 * IPM_NAME_BYTES];
        (void)snprintf(name, sizeof name, "%slabel.%s", side, labels->items[i].name);
        junit_property(out, name, labels->items[i].text);
    }
}

static void junit_properties(FILE *out, const struct ipm_report *report) {
    junit_property(out, "version", report->tool.version);
    junit_property(out, "tool_commit", report->tool.commit);
    junit_property(out, "kernel", report->host.kernel);
    junit_property(out, "cpu_model", report->host.cpu_model);
    junit_property(out, "virtualization", report->host.virtualization);
    junit_labels(out, "", &report->run.labels);
    (void)fputs("    </properties>\n", out);
}

static const enum junit_result junit_of_case[] = {[IPM_CASE_OK] = JUNIT_PASSED,
                                                  [IPM_CASE_FAILED] = JUNIT_ERROR,
                                                  [IPM_CASE_SKIPPED] = JUNIT_SKIPPED};

static void junit_case(FILE *out, const struct ipm_case *c) {
    struct junit_case put = {.name = c->config.name,
                             .elapsed_ns = junit_case_ns(c),
                             .result = junit_of_case[c->status],
                             .type = "failed",
                             .message = c->reason};
    (void)snprintf(put.class, sizeof put.class, ".%s.%s", c->config.pattern,
                   c->config.transport);
    junit_put(out, &put);
}

static void junit_warnings(FILE *out, const struct ipm_warnings *warnings) {
    (void)fputs("    <system-out></system-out>\n    <system-err>", out);
    for (size_t i = 0; i < warnings->count; i++) {
        (void)fputs(i > 0 ? "\nwarning: " : "warning: ", out);
        ipm_clean_put(out, warnings->items[i].message, ipm_escapes_xml);
    }
    (void)fputs("</system-err>\n", out);
}

static int junit_render(const struct ipm_document *document,
                        const struct ipm_render_options *options, FILE *out,
                        struct ipm_err *err) {
    const struct ipm_report *report = document->report;
    (void)options;
    errno = 0;
    const char *ending = ipm_report_ending(report);
    const struct junit_case last = {
        .name = "run", .result = JUNIT_ERROR, .type = "run", .message = ending};
    struct junit_suite suite = {.name = "ipcmark run",
                                .started_at = report->run.started_at,
                                .hostname = report->host.hostname,
                                .tests = report->case_count + (ending != NULL),
                                .counts = {[JUNIT_ERROR] = ending != NULL},
                                .elapsed_ns = (double)report->run.elapsed_ns};
    for (size_t i = 0; i < report->case_count; i++)
        suite.counts[junit_of_case[report->cases[i].status]]++;
    junit_open(out, &suite);
    junit_properties(out, report);
    for (size_t i = 0; i < report->case_count; i++)
        junit_case(out, &report->cases[i]);
    if (ending != NULL)
        junit_put(out, &last);
    junit_warnings(out, &report->warnings);
    return junit_close(out, err);
}

/* --- a comparison ------------------------------------------------------------------------ */

static const enum junit_result junit_of_verdict[IPM_VERDICTS] = {
    [IPM_VERDICT_REGRESSED] = JUNIT_FAILURE,
    [IPM_VERDICT_INSUFFICIENT] = JUNIT_ERROR,
    [IPM_VERDICT_CONTENDED] = JUNIT_ERROR,
    [IPM_VERDICT_MACHINE] = JUNIT_ERROR};

static enum junit_result junit_of_compared(const struct ipm_compared *compared) {
    return compared->gated ? junit_of_verdict[compared->verdict] : JUNIT_PASSED;
}

static enum junit_result junit_of_unmatched(const struct ipm_comparison *comparison,
                                            const struct ipm_unmatched *unmatched) {
    if (unmatched->state == IPM_UNMATCHED_FAILED)
        return JUNIT_ERROR;
    return ipm_comparison_is_bad(comparison, unmatched) ? JUNIT_FAILURE : JUNIT_SKIPPED;
}

/* "-28.4 % (-30.1 .. -26.0 %), limit 5.0 %, 1,675 MiB/s to 1,200 MiB/s". */
static void junit_message(char message[JUNIT_MESSAGE_BYTES],
                          const struct ipm_comparison *comparison,
                          const struct ipm_compared *compared) {
    const struct ipm_comparison_cells cells =
        ipm_comparison_cells(comparison, compared, IPM_UNIT_AUTO);
    (void)snprintf(message, JUNIT_MESSAGE_BYTES,
                   "%.20s (%.40s), limit %.20s, %.40s to %.40s%s%.150s",
                   cells.change.text, cells.interval.text, cells.limit.text,
                   cells.sides[IPM_ARM_BASE].text, cells.sides[IPM_ARM_NEW].text,
                   cells.note[0] != '\0' ? "; " : "", cells.note);
}

static void junit_figure(FILE *out, const struct ipm_comparison *comparison,
                         const struct ipm_compared *compared) {
    char message[JUNIT_MESSAGE_BYTES];
    struct junit_case put = {.name = compared->name,
                             .result = junit_of_compared(compared),
                             .type = ipm_verdict_words[compared->verdict],
                             .message = message};
    junit_message(message, comparison, compared);
    (void)snprintf(put.class, sizeof put.class, ".compare.%s", compared->metric->name);
    junit_put(out, &put);
}

static void junit_unmatched(FILE *out, const struct ipm_comparison *comparison,
                            const struct ipm_unmatched *unmatched) {
    char message[JUNIT_MESSAGE_BYTES];
    const struct junit_case put = {.class = ".compare.case",
                                   .name = unmatched->name,
                                   .result = junit_of_unmatched(comparison, unmatched),
                                   .type = ipm_unmatched_words[unmatched->state],
                                   .message = message};
    (void)snprintf(message, sizeof message, "%s%s%s",
                   ipm_comparison_state(comparison, unmatched->state).text,
                   unmatched->reason[0] != '\0' ? ": " : "", unmatched->reason);
    junit_put(out, &put);
}

static const char *junit_hostname(const struct ipm_comparison *comparison) {
    for (size_t i = comparison->run_count; i-- > 0;)
        if (comparison->runs[i].hostname[0] != '\0')
            return comparison->runs[i].hostname;
    return "";
}

static void junit_output(FILE *out, const struct ipm_comparison *comparison) {
    (void)fputs("    <system-out>", out);
    for (size_t i = 0; i < comparison->result_count; i++) {
        const struct ipm_compared *compared = &comparison->results[i];
        char message[JUNIT_MESSAGE_BYTES];
        if (compared->verdict != IPM_VERDICT_UNDECIDED)
            continue;
        junit_message(message, comparison, compared);
        JUNIT("undecided: %s %s: %s\n", compared->name, compared->metric->name, message);
    }
    (void)fputs("</system-out>\n    <system-err></system-err>\n", out);
}

static int junit_compare(const struct ipm_document *document,
                         const struct ipm_render_options *options, FILE *out,
                         struct ipm_err *err) {
    const struct ipm_comparison *comparison = document->comparison;
    (void)options;
    errno = 0;
    struct junit_suite suite = {.name = "ipcmark compare",
                                .started_at = comparison->started_at,
                                .hostname = junit_hostname(comparison),
                                .tests = comparison->result_count +
                                         comparison->unmatched_count};
    for (size_t i = 0; i < comparison->result_count; i++)
        suite.counts[junit_of_compared(&comparison->results[i])]++;
    for (size_t i = 0; i < comparison->unmatched_count; i++)
        suite.counts[junit_of_unmatched(comparison, &comparison->unmatched[i])]++;
    junit_open(out, &suite);
    for (size_t i = 0; i < comparison->run_count; i++)
        junit_labels(out, comparison->runs[i].side == IPM_ARM_BASE ? "base." : "new.",
                     &comparison->runs[i].labels);
    (void)fputs("    </properties>\n", out);
    for (size_t i = 0; i < comparison->result_count; i++)
        junit_figure(out, comparison, &comparison->results[i]);
    for (size_t i = 0; i < comparison->unmatched_count; i++)
        junit_unmatched(out, comparison, &comparison->unmatched[i]);
    junit_output(out, comparison);
    return junit_close(out, err);
}

const struct ipm_renderer ipm_renderer_junit = {
    .name = "junit",
    .summary = "JUnit XML: which cases ran, failed or were skipped",
    .render =
        {[IPM_DOCUMENT_REPORT] = junit_render, [IPM_DOCUMENT_COMPARISON] = junit_compare},
};
