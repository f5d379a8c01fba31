/* junit.c - JUnit XML, so that a CI system lists the cases of a run beside its tests: a
 * failed case is an error, a skipped case is skipped. Speed is judged by comparisons only. */
#include "reports/common/junit.h"
#include "model/report/report.h"
#include "reports/columns/sections.h"
#include "reports/common/clean.h"
#include "reports/common/comparison.h"
#include "reports/renderer.h"

#include <errno.h>

extern const struct ipm_renderer ipm_renderer_junit;

#define JUNIT(...) ipm_clean_print(out, ipm_escapes_xml, __VA_ARGS__)

static void junit_seconds(FILE *out, double ns) {
    (void)fprintf(out, " time=\"%.6f\"", ns * 1e-9);
}

/* --- counts ----------------------------------------------------------------------------- */

/* Returns why the run ended early, which is reported as a case of its own, or NULL. */
static const char *junit_ending(const struct ipm_report *report) {
    if (report->error[0] != '\0')
        return report->error;
    if (report->run.status == IPM_RUN_INTERRUPTED)
        return "the run was interrupted before its end";
    return report->run.status == IPM_RUN_FAILED ? "the run failed" : NULL;
}

/* The sum of the windows shows what took long. */
static double junit_case_ns(const struct ipm_case *c) {
    double sum_ns = 0;
    for (size_t i = 0; i < c->trial_count; i++)
        sum_ns += (double)c->trials[i].elapsed_ns;
    return sum_ns;
}

/* --- elements --------------------------------------------------------------------------- */

static void junit_counts(FILE *out, const struct ipm_report *report) {
    const bool ended = junit_ending(report) != NULL;
    (void)fprintf(out, " tests=\"%zu\" failures=\"0\" errors=\"%zu\" skipped=\"%zu\"",
                  report->case_count + ended,
                  ipm_text_count(report, IPM_CASE_FAILED) + ended,
                  ipm_text_count(report, IPM_CASE_SKIPPED));
    junit_seconds(out, (double)report->run.elapsed_ns);
}

static void junit_property(FILE *out, const char *name, const char *value) {
    if (value[0] != '\0')
        JUNIT("      <property name=\"%s\" value=\"%s\"/>\n", name, value);
}

static void junit_properties(FILE *out, const struct ipm_report *report) {
    (void)fputs("    <properties>\n", out);
    junit_property(out, "version", report->tool.version);
    junit_property(out, "commit", report->tool.commit);
    junit_property(out, "kernel", report->host.kernel);
    junit_property(out, "cpu_model", report->host.cpu_model);
    junit_property(out, "virtualization", report->host.virtualization);
    (void)fputs("    </properties>\n", out);
}

static void junit_error(FILE *out, const char *type, const char *message) {
    JUNIT("\n      <error type=\"%s\" message=\"%s\"/>\n    ", type, message);
}

static void junit_case(FILE *out, const struct ipm_case *c) {
    JUNIT("    <testcase classname=\"ipcmark.%s.%s\" name=\"%s\"", c->config.pattern,
          c->config.transport, c->config.name);
    junit_seconds(out, junit_case_ns(c));
    (void)fputs(">", out);
    if (c->status == IPM_CASE_FAILED)
        junit_error(out, "failed", c->reason);
    if (c->status == IPM_CASE_SKIPPED)
        JUNIT("\n      <skipped message=\"%s\"/>\n    ", c->reason);
    (void)fputs("</testcase>\n", out);
}

static void junit_run(FILE *out, const char *ending) {
    (void)fputs("    <testcase classname=\"ipcmark\" name=\"run\" time=\"0.000000\">",
                out);
    junit_error(out, "run", ending);
    (void)fputs("</testcase>\n", out);
}

static void junit_warnings(FILE *out, const struct ipm_warnings *warnings) {
    (void)fputs("    <system-out></system-out>\n    <system-err>", out);
    for (size_t i = 0; i < warnings->count; i++) {
        (void)fputs(i > 0 ? "\nwarning: " : "warning: ", out);
        ipm_clean_put(out, warnings->items[i].message, ipm_escapes_xml);
    }
    (void)fputs("</system-err>\n", out);
}

static int junit_render(const struct ipm_report *report,
                        const struct ipm_render_options *options, FILE *out,
                        struct ipm_err *err) {
    (void)options;
    errno = 0;
    const char *ending = junit_ending(report);
    ipm_junit_suite(out, "ipcmark run", report->run.started_at, report->host.hostname);
    junit_counts(out, report);
    (void)fputs(">\n", out);
    junit_properties(out, report);
    for (size_t i = 0; i < report->case_count; i++)
        junit_case(out, &report->cases[i]);
    if (ending != NULL)
        junit_run(out, ending);
    junit_warnings(out, &report->warnings);
    (void)fputs("  </testsuite>\n</testsuites>\n", out);
    return ipm_clean_end(out, "JUnit file", err);
}

const struct ipm_renderer ipm_renderer_junit = {
    .name = "junit",
    .summary = "JUnit XML: which cases ran, failed or were skipped",
    .render = junit_render,
    .render_comparison = ipm_comparison_junit,
};
