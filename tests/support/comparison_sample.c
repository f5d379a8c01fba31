/* comparison_sample.c - made-up reports, compared: see comparison_sample.h. */
#include "tests/support/comparison_sample.h"

#include "model/compare/compare.h"
#include "tests/support/compare_sample.h"
#include "tests/support/report_sample_case.h"

#include <stddef.h>

static const struct ipm_compare_row sample_before[] = {
    {.transport = "pipe", .bytes_per_second = 1.7e9, .noise = 0.02},
    {.transport = "unix", .bytes_per_second = 1.1e9, .noise = 0.02},
    {.transport = "tcp", .bytes_per_second = 1.4e9, .noise = 0.002},
    {.transport = "udp", .bytes_per_second = 3e8, .noise = 0.2},
    {.transport = "fifo", .bytes_per_second = 1.7e9, .noise = 0.01, .drift = 0.3},
    {.transport = "lone", .bytes_per_second = 2e9, .noise = 0.01},
    {.transport = "busy", .bytes_per_second = 2e9, .noise = 0.01, .contended = 2},
    {.transport = "gone<&>\"|`_*[x](y)\x1b[2J\xff", .bytes_per_second = 1e9},
    {.transport = "was", .bytes_per_second = 1e9},
    {.transport = "vsock", .status = IPM_CASE_SKIPPED},
    {.transport = "sctp", .bytes_per_second = 1e9},
};

static const struct ipm_compare_row sample_after[] = {
    {.transport = "pipe", .bytes_per_second = 1.2e9, .noise = 0.02},
    {.transport = "unix", .bytes_per_second = 1.5e9, .noise = 0.02},
    {.transport = "tcp", .bytes_per_second = 1.41e9, .noise = 0.002},
    {.transport = "udp", .bytes_per_second = 3e8, .noise = 0.2},
    {.transport = "fifo", .bytes_per_second = 1.4e9, .noise = 0.01, .drift = 0.3},
    {.transport = "lone", .bytes_per_second = 2e9, .noise = 0.01},
    {.transport = "busy", .bytes_per_second = 2e9, .noise = 0.01, .contended = 8},
    {.transport = "new", .bytes_per_second = 1e9},
    {.transport = "was", .status = IPM_CASE_FAILED},
    {.transport = "vsock", .status = IPM_CASE_SKIPPED},
    {.transport = "sctp", .status = IPM_CASE_SKIPPED},
};
enum { SAMPLE_ROWS = sizeof sample_before / sizeof sample_before[0], SAMPLE_LONE = 5 };

/* Every second figure of every case, so that directions differ. */
static int sample_compare(struct ipm_comparison *comparison,
                          const struct ipm_report *base, const struct ipm_report *fresh) {
    static const char *const names[] = {"base.json"};
    static const char *const fresh_name = "new <pull request>.json";
    const struct ipm_compare_input input = {
        .sides = {{.count = 1, .reports = base, .names = names},
                  {.count = 1, .reports = fresh, .names = &fresh_name}}};
    struct ipm_metric_choice choice = {.primary = true};
    choice.chosen[ipm_metric_find("cpu-per-byte") - ipm_metrics] = true;
    *comparison = (struct ipm_comparison){.threshold = 0.05, .alpha = 0.05};
    comparison->tool = fresh->tool;
    ipm_sample_text(comparison->started_at, sizeof comparison->started_at,
                    "2026-07-02T12:00:00Z");
    return ipm_compare(comparison, &input, &choice);
}

int ipm_comparison_sample(struct ipm_comparison *comparison) {
    static struct ipm_report base;
    static struct ipm_report fresh;
    ipm_compare_sample(&base, sample_before, SAMPLE_ROWS, 12, 1, 1);
    ipm_compare_sample(&fresh, sample_after, SAMPLE_ROWS, 12, 0.9, 2);
    ipm_sample_text(fresh.host.kernel, sizeof fresh.host.kernel, "Linux 6.18.0-<rc>_1");
    ipm_sample_text(fresh.tool.version, sizeof fresh.tool.version, "0.2.0");
    ipm_sample_text(base.host.governor, sizeof base.host.governor, "powersave");
    base.cases[SAMPLE_LONE].trial_count = 4;
    const int failed = sample_compare(comparison, &base, &fresh);
    base.cases[SAMPLE_LONE].trial_count = 12;
    ipm_report_done(&base);
    ipm_report_done(&fresh);
    return failed;
}

int ipm_comparison_sample_empty(struct ipm_comparison *comparison) {
    static struct ipm_report base;
    static struct ipm_report fresh;
    ipm_compare_sample(&base, sample_before, 0, 12, 1, 1);
    ipm_compare_sample(&fresh, sample_after, 0, 12, 1, 2);
    const int failed = sample_compare(comparison, &base, &fresh);
    ipm_report_done(&base);
    ipm_report_done(&fresh);
    return failed;
}
