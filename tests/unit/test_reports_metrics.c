/* The metrics that the formats report. */
#include "base/err.h"
#include "model/metric.h"
#include "model/report/report.h"
#include "reports/renderer.h"
#include "tests/support/assert.h"
#include "tests/support/report_sample.h"
#include "tests/unit/test_reports_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct ipm_report metrics_report;

static void metrics_make(void) {
    cr_assert(eq(int, ipm_report_sample_patterns(&metrics_report, 7), 0));
}

static void metrics_drop(void) {
    ipm_report_done(&metrics_report);
}

Test(reports_metrics, each_ok_case_has_its_primary_metric, .init = metrics_make,
     .fini = metrics_drop) {
    for (size_t i = 0; i < metrics_report.case_count; i++) {
        const struct ipm_case *c = &metrics_report.cases[i];
        const struct ipm_metric *primary = ipm_metric_primary(c);
        cr_expect(ipm_metric_is_watched(primary, c), "%s", c->config.name);
        cr_expect(
            eq(int, ipm_metric_of_case(primary, c) != NULL, c->status == IPM_CASE_OK),
            "%s", c->config.name);
    }
}

Test(reports_metrics, of_single_trials_they_make_the_statistic, .init = metrics_make,
     .fini = metrics_drop) {
    const struct ipm_case *c = &metrics_report.cases[0];
    struct ipm_metric_scope scope = {.references = &metrics_report.references,
                                     .subject = c};
    double least = INFINITY;
    for (size_t i = 0; i < c->trial_count; i++) {
        scope.trial = &c->trials[i];
        least =
            fmin(least, ipm_metric_of_trial(&ipm_metrics[IPM_METRIC_THROUGHPUT], &scope));
    }
    cr_expect(eq(dbl, least, c->summary->metrics[IPM_METRIC_THROUGHPUT].min));
    scope.trial = &c->trials[0];
    cr_expect(isnan(ipm_metric_of_trial(&ipm_metrics[IPM_METRIC_PIPE_RATIO], &scope)));
}

static char *rendered(const char *format) {
    return ipm_test_render(format, &metrics_report, (struct ipm_render_options){0});
}

/* The name in a format: of "cpu_ns_per_byte" cpu_seconds_per_byte. */
static void in_seconds(char name[64], const char *key) {
    const char *unit = strstr(key, "_ns");
    (void)snprintf(name, 64, "%.*s%s%s", (int)(unit ? unit - key : 64), key,
                   unit ? "_seconds" : "", unit ? unit + 3 : "");
}

Test(reports_metrics, every_metric_is_in_the_formats_that_have_all, .init = metrics_make,
     .fini = metrics_drop) {
    char *csv = rendered("csv");
    char *json = rendered("json");
    char *prometheus = rendered("prometheus");
    for (size_t m = 0; m < IPM_METRICS; m++) {
        const struct ipm_metric *metric = &ipm_metrics[m];
        char name[64];
        char heading[128];
        in_seconds(name, metric->key);
        (void)snprintf(heading, sizeof heading, "# TYPE ipcmark_%s gauge\n", name);
        /* nothing is counted in the sample, and its clock counts no instructions; there are
         * no pairs and no work */
        const bool known = !metric->counted && m != IPM_METRIC_SCALING &&
                           m != IPM_METRIC_SENDER_WORK && m != IPM_METRIC_RECEIVER_WORK &&
                           (m < IPM_METRIC_MESSAGE_INSTRUCTIONS ||
                            m > IPM_METRIC_CONNECTION_INSTRUCTIONS);
        cr_expect(eq(int, strstr(prometheus, heading) != NULL, known), "%s", heading);
        (void)snprintf(heading, sizeof heading, "\"%s\":", metric->key);
        cr_expect(eq(int, strstr(json, heading) != NULL, metric->quantile <= 0), "%s",
                  heading);
        (void)snprintf(heading, sizeof heading, ",%s", metric->key);
        cr_expect(eq(int, strstr(csv, heading) != NULL, !metric->relative), "%s",
                  heading);
    }
    free(csv);
    free(json);
    free(prometheus);
}
