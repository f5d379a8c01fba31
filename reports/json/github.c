/* github.c - the formats customBiggerIsBetter and customSmallerIsBetter of
 * github-action-benchmark, which has one direction for each file. Base units only: the
 * action compares bare numbers, so a unit must not change. */
#include "base/strbuf.h"
#include "model/report/report.h"
#include "reports/json/codec.h"
#include "reports/renderer.h"

#include <math.h>

enum {
    GITHUB_TEXT_BYTES = 512,
    GITHUB_EXTRA_BYTES = GITHUB_TEXT_BYTES + IPM_LABELS_MOST * IPM_LABEL_TEXT_BYTES,
};

/* Writes half the width of the interval as text, which the action shows: "± 41000000". */
static json_t *github_range(const struct ipm_statistic *statistic) {
    const double half = ipm_statistic_half(statistic);
    return isfinite(half) ? json_sprintf("\u00b1 %.10g", half) : NULL;
}

static json_t *github_extra(const struct ipm_report *report,
                            const struct ipm_statistic *statistic) {
    char text[GITHUB_EXTRA_BYTES];
    struct ipm_strbuf words = ipm_strbuf_over(text, sizeof text);
    if (isfinite(statistic->ci95_low))
        (void)ipm_strbuf_add(&words, "median of %zu\n95 %% interval %.10g to %.10g\n",
                             statistic->count, statistic->ci95_low, statistic->ci95_high);
    else
        (void)ipm_strbuf_add(&words, "of %zu values\n", statistic->count);
    (void)ipm_strbuf_add(&words, "%s\n%s", report->host.cpu_model, report->host.kernel);
    for (size_t i = 0; i < report->run.labels.count; i++)
        (void)ipm_strbuf_add(&words, "\n%s",
                             ipm_label_text(&report->run.labels.items[i]).text);
    return ipm_json_mended(text, sizeof text);
}

static json_t *github_entry(const struct ipm_report *report, const struct ipm_case *c,
                            const struct ipm_metric *metric,
                            const struct ipm_statistic *statistic) {
    char name[GITHUB_TEXT_BYTES];
    (void)snprintf(name, sizeof name, "%s %s", c->config.name, metric->key);
    return json_pack("{s:o, s:s, s:f, s:o*, s:o}", "name",
                     ipm_json_mended(name, sizeof name), "unit", metric->unit, "value",
                     statistic->median, "range", github_range(statistic), "extra",
                     github_extra(report, statistic));
}

static int github_case(json_t *list, const struct ipm_report *report,
                       const struct ipm_case *c, bool more_is_better) {
    for (size_t m = 0; m < IPM_METRICS; m++) {
        const struct ipm_metric *metric = &ipm_metrics[m];
        const struct ipm_statistic *statistic = ipm_metric_of_case(metric, c);
        if (statistic != NULL && metric->more_is_better == more_is_better &&
            ipm_metric_is_watched(metric, c) &&
            json_array_append_new(list, github_entry(report, c, metric, statistic)) != 0)
            return -1;
    }
    return 0;
}

static json_t *github_document(const struct ipm_report *report, bool more_is_better) {
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < report->case_count; i++) {
        if (github_case(list, report, &report->cases[i], more_is_better) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static int github_render_bigger(const struct ipm_document *document,
                                const struct ipm_render_options *options, FILE *out,
                                struct ipm_err *err) {
    (void)options;
    return ipm_json_sink(github_document(document->report, true),
                         (struct ipm_json_form){0}, out, err);
}

static int github_render_smaller(const struct ipm_document *document,
                                 const struct ipm_render_options *options, FILE *out,
                                 struct ipm_err *err) {
    (void)options;
    return ipm_json_sink(github_document(document->report, false),
                         (struct ipm_json_form){0}, out, err);
}

const struct ipm_renderer ipm_renderer_github = {
    .name = "github",
    .summary = "github-action-benchmark, bigger is better: throughput",
    .render = {[IPM_DOCUMENT_REPORT] = github_render_bigger},
};

const struct ipm_renderer ipm_renderer_github_smaller = {
    .name = "github-smaller",
    .summary = "github-action-benchmark, smaller is better: latency",
    .render = {[IPM_DOCUMENT_REPORT] = github_render_smaller},
};
