/* unit.c - the unit of rates of bytes. */
#include "reports/columns/unit.h"

#include "model/metric.h"
#include "model/report/report.h"
#include "reports/columns/sections.h"

#include <math.h>

const char *const ipm_unit_choice_words[] = {[IPM_UNIT_AUTO] = "auto",
                                             [IPM_UNIT_MIB] = "MiB",
                                             [IPM_UNIT_MB] = "MB",
                                             [IPM_UNIT_GBIT] = "Gbit",
                                             NULL};

static const struct ipm_text_unit unit_chosen[] = {
    [IPM_UNIT_MIB] = {"MiB/s", 1048576.0},
    [IPM_UNIT_MB] = {"MB/s", 1e6},
    [IPM_UNIT_GBIT] = {"Gbit/s", 1e9 / 8},
};
static const struct ipm_text_unit unit_small = {"KiB/s", 1024.0};
static const struct ipm_text_unit unit_large = {"GiB/s", 1073741824.0};

const struct ipm_text_unit *ipm_text_unit(enum ipm_unit_choice choice, double least,
                                          double most) {
    if (choice != IPM_UNIT_AUTO)
        return &unit_chosen[choice];
    if (least >= 10 * unit_large.bytes_per_second && isfinite(least))
        return &unit_large;
    if (most < unit_chosen[IPM_UNIT_MIB].bytes_per_second && most > 0)
        return &unit_small;
    return &unit_chosen[IPM_UNIT_MIB];
}

const struct ipm_text_unit *ipm_text_unit_of(enum ipm_unit_choice choice,
                                             const struct ipm_report *report) {
    double least = INFINITY;
    double most = 0;
    for (size_t i = 0; report != NULL && i < report->case_count; i++) {
        const struct ipm_case *c = &report->cases[i];
        const double rate = c->summary.metrics[IPM_METRIC_THROUGHPUT].median;
        if (c->primary != IPM_METRIC_THROUGHPUT || !ipm_text_ranks(c) || !(rate > 0))
            continue;
        least = fmin(least, rate);
        most = fmax(most, rate);
    }
    return ipm_text_unit(choice, least, most);
}
