/* bencher.c - Bencher Metric Format: by case and measure the value and its interval. The
 * measures have slugs of their own, with their unit, as Bencher's built-in throughput means
 * operations. */
#include "model/report/report.h"
#include "reports/json/codec.h"
#include "reports/json/sink.h"
#include "reports/renderer.h"

#include <math.h>

extern const struct ipm_renderer ipm_renderer_bencher;

enum { BENCHER_SLUG_BYTES = 65 }; /* 64 characters are the most */

static void bencher_slug(char slug[BENCHER_SLUG_BYTES], const char *name) {
    (void)snprintf(slug, BENCHER_SLUG_BYTES, "%s", name);
    for (char *at = slug; *at != '\0'; at++)
        if (*at == '_')
            *at = '-';
}

static json_t *bencher_metric(const struct ipm_statistic *statistic) {
    json_t *metric = json_object();
    int failed =
        json_object_set_new(metric, "value", json_real(statistic->median)) != 0 ||
        (isfinite(statistic->ci95_low) &&
         json_object_set_new(metric, "lower_value", json_real(statistic->ci95_low)) !=
             0) ||
        (isfinite(statistic->ci95_high) &&
         json_object_set_new(metric, "upper_value", json_real(statistic->ci95_high)) !=
             0);
    if (!failed)
        return metric;
    json_decref(metric);
    return NULL;
}

static json_t *bencher_measures(const struct ipm_case *c) {
    json_t *measures = json_object();
    for (size_t m = 0; m < IPM_METRICS; m++) {
        char slug[BENCHER_SLUG_BYTES];
        const struct ipm_metric *metric = &ipm_metrics[m];
        const struct ipm_statistic *statistic = ipm_metric_of_case(metric, c);
        if (statistic == NULL || !ipm_metric_is_watched(metric, c))
            continue;
        bencher_slug(slug, metric->key);
        if (json_object_set_new(measures, slug, bencher_metric(statistic)) != 0) {
            json_decref(measures);
            return NULL;
        }
    }
    return measures;
}

static int bencher_case(json_t *root, const struct ipm_case *c) {
    json_t *name = ipm_json_mended(c->config.name, sizeof c->config.name);
    json_t *measures = bencher_measures(c);
    int failed = 0;
    if (name == NULL || measures == NULL)
        failed = -1;
    else if (json_object_size(measures) > 0)
        failed = json_object_set(root, json_string_value(name), measures);
    json_decref(name);
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

static int bencher_render(const struct ipm_report *report,
                          const struct ipm_render_options *options, FILE *out,
                          struct ipm_err *err) {
    (void)options;
    return ipm_json_sink(bencher_document(report), JSON_INDENT(2), out, err);
}

const struct ipm_renderer ipm_renderer_bencher = {
    .name = "bencher",
    .summary = "Bencher Metric Format, for bencher.dev",
    .render = bencher_render,
};
