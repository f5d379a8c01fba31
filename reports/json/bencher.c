/* bencher.c - Bencher Metric Format: the value and interval of each measure of a case. The
 * measures have their own slugs with units, because Bencher's built-in throughput counts
 * operations. */
#include "base/utf8.h"
#include "model/report/report.h"
#include "reports/json/codec.h"
#include "reports/renderer.h"

#include <math.h>

enum { BENCHER_SLUG_BYTES = 65 }; /* 64 characters at most */

static void bencher_slug(char slug[BENCHER_SLUG_BYTES], const char *name) {
    (void)snprintf(slug, BENCHER_SLUG_BYTES, "%s", name);
    for (char *at = slug; *at != '\0'; at++)
        if (*at == '_')
            *at = '-';
}

/* Returns NULL, which omits the member, where the bound is unknown. */
static json_t *bencher_bound(double value) {
    return isfinite(value) ? json_real(value) : NULL;
}

static json_t *bencher_measures(const struct ipm_case *c) {
    json_t *measures = json_object();
    int failed = measures == NULL;
    for (size_t m = 0; m < IPM_METRICS && !failed; m++) {
        char slug[BENCHER_SLUG_BYTES];
        const struct ipm_metric *metric = &ipm_metrics[m];
        const struct ipm_statistic *statistic = ipm_metric_of_case(metric, c);
        if (statistic == NULL || !ipm_metric_is_watched(metric, c))
            continue;
        bencher_slug(slug, metric->key);
        failed = json_object_set_new(
            measures, slug,
            json_pack("{s:f, s:o*, s:o*}", "value", statistic->median, "lower_value",
                      bencher_bound(statistic->ci95_low), "upper_value",
                      bencher_bound(statistic->ci95_high)));
    }
    if (!failed)
        return measures;
    json_decref(measures);
    return NULL;
}

static int bencher_case(json_t *root, const struct ipm_case *c) {
    char name[sizeof c->config.name];
    json_t *measures = bencher_measures(c);
    int failed = measures == NULL ? -1 : 0;
    ipm_utf8_mend(name, sizeof name, c->config.name);
    if (json_object_size(measures) > 0)
        failed = json_object_set(root, name, measures);
    json_decref(measures);
    return failed;
}

static json_t *bencher_document(const struct ipm_report *report) {
    json_t *root = json_object();
    for (size_t i = 0; root != NULL && i < report->case_count; i++) {
        if (bencher_case(root, &report->cases[i]) != 0) {
            json_decref(root);
            return NULL;
        }
    }
    return root;
}

static int bencher_render(const struct ipm_document *document,
                          const struct ipm_render_options *options, FILE *out,
                          struct ipm_err *err) {
    (void)options;
    return ipm_json_sink(bencher_document(document->report), (struct ipm_json_form){0},
                         out, err);
}

const struct ipm_renderer ipm_renderer_bencher = {
    .name = "bencher",
    .summary = "Bencher Metric Format, for bencher.dev",
    .render = {[IPM_DOCUMENT_REPORT] = bencher_render},
};
