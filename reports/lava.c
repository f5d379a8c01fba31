/* lava.c - signals of LAVA, which read the output of a test on a board: a test case for each case
 * with its primary metric as measurement, and one for each other metric that CI formats have. */
#include "model/report/report.h"
#include "reports/common/clean.h"
#include "reports/renderer.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>

/* A label or a reason must not begin a signal. */
static const struct ipm_escape lava_escapes[] = {{'<', "?"}, {'\0', NULL}};

/* A name must not contain what ends it in the signal or in a URL: "stream-unix-64-pin-same". */
static void lava_name(FILE *out, const char *text) {
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        (void)fputc(c < 0x80 && (isalnum(c) || c == '_' || c == '.') ? c : '-', out);
    }
}

static void lava_open(FILE *out, const char *name, const char *metric) {
    (void)fputs("<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=", out);
    lava_name(out, name);
    (void)fputs(metric[0] != '\0' ? "." : "", out);
    lava_name(out, metric);
}

/* The server keeps ten decimals. */
static void lava_measured(FILE *out, const struct ipm_case *c,
                          const struct ipm_metric *metric) {
    const struct ipm_statistic *statistic = ipm_metric_of_case(metric, c);
    const bool primary = metric == ipm_metric_primary(c);
    if (statistic == NULL || !isfinite(statistic->median) ||
        !ipm_metric_is_watched(metric, c))
        return;
    lava_open(out, c->config.name, primary ? "" : metric->key);
    (void)fputs(" RESULT=pass UNITS=", out);
    for (const char *at = metric->unit; *at != '\0'; at++)
        (void)fputc(*at == ' ' ? '-' : *at, out);
    (void)fprintf(out, " MEASUREMENT=%.6f>\n", statistic->median);
}

static void lava_failed(FILE *out, const char *name, const char *result,
                        const char *reason) {
    ipm_clean_print(out, lava_escapes, "%s: %s\n", name, reason);
    lava_open(out, name, "");
    (void)fprintf(out, " RESULT=%s>\n", result);
}

static int lava_render(const struct ipm_document *document,
                       const struct ipm_render_options *options, FILE *out,
                       struct ipm_err *err) {
    const struct ipm_report *report = document->report;
    const char *ending = ipm_report_ending(report);
    (void)options;
    errno = 0;
    ipm_clean_print(out, lava_escapes, "ipcmark %s%s%s\n", report->tool.version,
                    report->run.labels.count > 0 ? ", labels: " : "",
                    ipm_labels_text(&report->run.labels).text);
    for (size_t i = 0; i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        for (size_t m = 0; m < IPM_METRICS; m++)
            lava_measured(out, c, &ipm_metrics[m]);
        if (c->status != IPM_CASE_OK)
            lava_failed(out, c->config.name,
                        c->status == IPM_CASE_FAILED ? "fail" : "skip", c->reason);
    }
    if (ending != NULL)
        lava_failed(out, "run", "fail", ending);
    return ipm_clean_end(out, "LAVA signals", err);
}

const struct ipm_renderer ipm_renderer_lava = {
    .name = "lava",
    .summary = "signals of LAVA: a test case with a measurement for each figure",
    .render = {[IPM_DOCUMENT_REPORT] = lava_render},
};
