/* merge_sample.c - made-up reports of several machines; see merge_sample.h. */
#include "tests/support/merge_sample.h"

#include "tests/support/compare_sample.h"
#include "tests/support/report_sample_case.h"

#include <stdio.h>

enum { SAMPLE_ODD = 3, SAMPLE_LAST = IPM_MERGE_SAMPLES - 1 };

void ipm_merge_sample_fill(struct ipm_report reports[IPM_MERGE_SAMPLES]) {
    for (size_t i = 0; i < IPM_MERGE_SAMPLES; i++) {
        const double more = 1 + 0.005 * (double)(i % 4);
        const struct ipm_compare_row rows[] = {
            {.transport = "pipe",
             .bytes_per_second = (i == SAMPLE_ODD ? 0.8e9 : 1.7e9) * more,
             .noise = 0.01},
            {.transport = "unix", .bytes_per_second = 1.1e9 * more, .noise = 0.01},
            {.transport = "tcp",
             .bytes_per_second = 1.4e9 * (i % 2 == 0 ? 1 : 1.3),
             .noise = 0.01,
             .status = i == SAMPLE_LAST ? IPM_CASE_FAILED : IPM_CASE_OK},
        };
        char label[IPM_LABEL_TEXT_BYTES];
        ipm_compare_sample(&reports[i], rows, 3, 12, 1, i + 1);
        (void)snprintf(label, sizeof label, "node=n%zu", i);
        (void)ipm_labels_add(&reports[i].run.labels, label, NULL);
        ipm_sample_text(reports[i].host.governor, IPM_NAME_BYTES,
                        i == SAMPLE_ODD ? "powersave" : "performance");
    }
}

int ipm_merge_sample(struct ipm_merge *merge, const struct ipm_report *reports,
                     size_t count) {
    static const char *const names[IPM_MERGE_SAMPLES] = {
        "0.json", "1.json", "2.json", "3.json", "4.json", "5.json", "6.json", "7.json"};
    *merge = (struct ipm_merge){.threshold = 0.05, .by = "node"};
    merge->tool = reports[0].tool;
    ipm_sample_text(merge->merged_at, sizeof merge->merged_at, "2026-07-02T12:00:00Z");
    return ipm_merge_make(merge, reports, names, count, NULL);
}
