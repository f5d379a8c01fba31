/* ktap.c - KTAP version 1, which the kernel's tests write: a test for each case, with its figures
 * as diagnostic lines above it. */
#include "model/report/report.h"
#include "reports/common/clean.h"
#include "reports/renderer.h"

#include <errno.h>
#include <math.h>

/* What follows '#' in a result is a directive. */
static const struct ipm_escape ktap_escapes[] = {{'#', "?"}, {'\0', NULL}};

#define KTAP(...) ipm_clean_print(out, ktap_escapes, __VA_ARGS__)

/* "# throughput: 1675000000 bytes/s, 95 % interval 1660000000 to 1690000000". */
static void ktap_figure(FILE *out, const struct ipm_metric *metric,
                        const struct ipm_statistic *statistic) {
    KTAP("# %s: ", metric->key);
    ipm_clean_number(out, statistic->median);
    KTAP(" %s", metric->unit);
    if (isfinite(statistic->ci95_low) && isfinite(statistic->ci95_high)) {
        (void)fputs(", 95 % interval ", out);
        ipm_clean_number(out, statistic->ci95_low);
        (void)fputs(" to ", out);
        ipm_clean_number(out, statistic->ci95_high);
    }
    (void)fputs("\n", out);
}

static void ktap_case(FILE *out, size_t number, const struct ipm_case *c) {
    for (size_t m = 0; m < IPM_METRICS; m++) {
        const struct ipm_statistic *statistic = ipm_metric_of_case(&ipm_metrics[m], c);
        if (statistic != NULL && isfinite(statistic->median) &&
            ipm_metric_is_watched(&ipm_metrics[m], c))
            ktap_figure(out, &ipm_metrics[m], statistic);
    }
    if (c->status == IPM_CASE_FAILED)
        KTAP("# %s\nnot ok %zu %s\n", c->reason, number, c->config.name);
    else
        KTAP("ok %zu %s", number, c->config.name);
    if (c->status == IPM_CASE_SKIPPED)
        (void)fputs(" # SKIP ", out);
    if (c->status != IPM_CASE_FAILED)
        KTAP("%s\n", c->status == IPM_CASE_SKIPPED ? c->reason : "");
}

static int ktap_render(const struct ipm_document *document,
                       const struct ipm_render_options *options, FILE *out,
                       struct ipm_err *err) {
    const struct ipm_report *report = document->report;
    const char *ending = ipm_report_ending(report);
    (void)options;
    errno = 0;
    KTAP("KTAP version 1\n1..%zu\n# ipcmark %s\n", report->case_count + (ending != NULL),
         report->tool.version);
    for (size_t i = 0; i < report->run.labels.count; i++)
        KTAP("# label %s\n", ipm_label_text(&report->run.labels.items[i]).text);
    for (size_t i = 0; i < report->case_count; i++)
        ktap_case(out, i + 1, &report->cases[i]);
    if (ending != NULL)
        KTAP("# %s\nnot ok %zu run\n", ending, report->case_count + 1);
    return ipm_clean_end(out, "KTAP", err);
}

const struct ipm_renderer ipm_renderer_ktap = {
    .name = "ktap",
    .summary = "Kernel TAP: a test for each case, its figures as diagnostic lines",
    .render = {[IPM_DOCUMENT_REPORT] = ktap_render},
};
