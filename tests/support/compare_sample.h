/* compare_sample.h - reports that no machine made, to be compared: every trial is what a
 * test says of it. */
#ifndef IPM_COMPARE_SAMPLE_H
#define IPM_COMPARE_SAMPLE_H

#include "model/report/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One case of stream over that transport. */
struct ipm_compare_row {
    const char *transport;
    double bytes_per_second;
    double noise; /* a trial lies within this share of it, up or down */
    double drift; /* the last trial is this share above the first */
    enum ipm_case_status status;
    size_t
        slowed; /* of each four trials: a null system call takes 1.4 times as long, a message 1.3 times */
    bool one_cpu;     /* for both ends; else no trial has the call beside it */
    size_t contended; /* number of its first trials that others took CPU time from */
};

/* Fills a report of `rounds` rounds with those cases, on a machine of that speed: 1 is that of
 * the sample, by which every reference and figure is scaled. `seed` is of the noise. Summarised;
 * ipm_report_done afterwards. */
void ipm_compare_sample(struct ipm_report *report, const struct ipm_compare_row *rows,
                        size_t count, size_t rounds, double speed, uint64_t seed);

#endif
